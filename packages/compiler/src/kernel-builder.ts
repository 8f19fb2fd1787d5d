/**
 * Writes one loop kernel: scopes, loops, lets and loads. Every scalar is bound in the outermost scope that knows all it
 * depends on, once; this is where loop-invariant code leaves the loops and where equal loads meet.
 */

import { type BinaryOp, type ComparisonDirection, type DType, dtypes } from '@ceratops/kernel-registry';
import { Affine, divideExactly, type IndexVariable, zero } from './affine.js';
import {
  type BufferParameter,
  type Expression,
  itemVariable,
  type LoopKernel,
  type Operation,
  type ScalarType,
  type Statement,
  type UnaryFunction,
} from './loop-ir.js';

/** Name of a piece of memory while a plan is made; see storage.ts. */
export type StorageId = number;

/** A scalar and the depth of the scope from which on it is known. */
export interface Operand {
  readonly expression: Expression;
  readonly depth: number;
}

interface Scope {
  readonly statements: Statement[];
}

interface Parameter {
  readonly storage: StorageId;
  readonly dtype: DType;
  readonly elements: number;
  reads: boolean;
  writes: boolean;
  /** The one index at which it is accessed, as a key; null when there are several. */
  index: string | null | undefined;
}

export interface BuiltKernel {
  readonly kernel: LoopKernel;
  /** Per parameter. */
  readonly storages: readonly StorageId[];
  readonly reads: readonly StorageId[];
  readonly writes: readonly StorageId[];
  /** Pairs (read, written) that may be the same memory. */
  readonly inPlace: readonly (readonly [StorageId, StorageId])[];
}

export class KernelBuilder {
  readonly #parameters: Parameter[] = [];
  readonly #parameterOf = new Map<string, number>();
  readonly #scopes: Scope[] = [{ statements: [] }];
  /** Bound scalars by what they are; valid while the scope that binds them is open. */
  readonly #bound = new Map<string, { operand: Operand; scope: Scope }>();
  readonly #operations = new Map<string, Operation>();
  #names = 0;
  #variables = 0;

  get depth(): number {
    return this.#scopes.length - 1;
  }

  // Scalars

  constant(type: ScalarType, value: number | bigint): Operand {
    return { expression: { kind: 'constant', type, value }, depth: 0 };
  }

  index(value: number): Operand {
    return this.constant('index', value);
  }

  /** Binds a computed scalar; constants and variables stay what they are. */
  bind(expression: Expression, depth: number): Operand {
    if (expression.kind === 'constant' || expression.kind === 'variable') return { expression, depth };
    const name = `t${this.#names++}`;
    this.#scopes[depth]!.statements.push({ kind: 'let', name, value: expression });
    return { expression: { kind: 'variable', type: expression.type, name }, depth };
  }

  #note(op: UnaryFunction | BinaryOp, type: ScalarType): void {
    this.#operations.set(`${op} ${type}`, { op, type });
  }

  unary(op: UnaryFunction, type: ScalarType, operand: Operand): Operand {
    this.#note(op, type);
    return this.bind({ kind: 'unary', type, op, operand: operand.expression }, operand.depth);
  }

  binary(op: BinaryOp, type: ScalarType, left: Operand, right: Operand): Operand {
    this.#note(op, type);
    const value = { kind: 'binary', type, op, left: left.expression, right: right.expression } as const;
    return this.bind(value, Math.max(left.depth, right.depth));
  }

  compare(op: ComparisonDirection, left: Operand, right: Operand): Operand {
    const value = { kind: 'compare', type: 'bool', op, left: left.expression, right: right.expression } as const;
    return this.bind(value, Math.max(left.depth, right.depth));
  }

  select(condition: Operand, then: Operand, otherwise: Operand): Operand {
    const value = {
      kind: 'select',
      type: then.expression.type,
      condition: condition.expression,
      // biome-ignore lint/suspicious/noThenProperty: a branch of the IR; it is data and never awaited
      then: then.expression,
      otherwise: otherwise.expression,
    } as const;
    return this.bind(value, Math.max(condition.depth, then.depth, otherwise.depth));
  }

  convert(type: ScalarType, operand: Operand): Operand {
    const { expression } = operand;
    if (expression.type === type) return operand;
    // An index is an integer that any type of 32 bits holds.
    if (expression.kind === 'constant' && expression.type === 'index' && type === 'int32') {
      return this.constant(type, expression.value);
    }
    return this.bind({ kind: 'convert', type, operand: operand.expression }, operand.depth);
  }

  bitcast(type: ScalarType, operand: Operand): Operand {
    if (operand.expression.type === type) return operand;
    return this.bind({ kind: 'bitcast', type, operand: operand.expression }, operand.depth);
  }

  // Indices

  /** An index variable for a scalar of type index in [0, extent). */
  variable(operand: Operand, extent: number): Affine {
    const { expression } = operand;
    if (expression.kind === 'constant') return Affine.constant(Number(expression.value));
    const named = expression.kind === 'variable' ? expression : this.bind(expression, operand.depth).expression;
    if (named.kind !== 'variable') return zero;
    return Affine.of({ name: named.name, id: this.#variables++, extent, depth: operand.depth });
  }

  /**
   * The expression of an index form. All but the terms of the deepest loop is bound in the outer scopes, so that what
   * remains is `base + i * stride (+ constant)`.
   */
  indexExpression(form: Affine): Operand {
    const terms = [...form.terms].sort((a, b) => a.variable.depth - b.variable.depth);
    const deepest = terms.at(-1)?.variable.depth ?? 0;
    let outer: Operand | undefined;
    let outerKey = '';
    let inner: Expression | undefined;
    for (let i = 0; i < terms.length; i++) {
      const { variable, scale } = terms[i]!;
      const product = scaled(variable, scale);
      if (variable.depth === deepest) {
        inner = inner === undefined ? product : indexBinary('add', inner, product);
        continue;
      }
      outerKey += `${variable.id}*${scale}+`;
      outer = this.#indexStep(outer, product, variable.depth, outerKey);
    }
    let expression = inner;
    if (outer !== undefined) {
      expression = inner === undefined ? outer.expression : indexBinary('add', outer.expression, inner);
    }
    if (expression === undefined) return this.index(form.constant);
    if (form.constant > 0) expression = indexBinary('add', expression, indexConstant(form.constant));
    if (form.constant < 0) expression = indexBinary('subtract', expression, indexConstant(-form.constant));
    return { expression, depth: deepest };
  }

  /** The coordinates of a linear index in a row-major space. */
  coordinates(linear: Affine, extents: readonly number[]): Affine[] {
    const coordinates = new Array<Affine>(extents.length);
    let rest = linear;
    for (let axis = extents.length - 1; axis > 0; axis--) {
      const extent = extents[axis]!;
      const parts = divideExactly(rest, extent) ?? this.#divide(rest, extent);
      coordinates[axis] = parts.remainder;
      rest = parts.quotient;
    }
    if (extents.length > 0) coordinates[0] = rest;
    return coordinates;
  }

  #divide(form: Affine, divisor: number): { quotient: Affine; remainder: Affine } {
    const whole = this.#memoised(`index ${form.key}`, () => {
      const { expression, depth } = this.indexExpression(form);
      return this.bind(expression, depth);
    });
    const [, high] = form.range();
    const by = this.index(divisor);
    const name = `${form.key}/${divisor}`;
    const quotient = this.#memoised(`quotient ${name}`, () => this.binary('divide', 'index', whole, by));
    const remainder = this.#memoised(`remainder ${name}`, () => this.binary('remainder', 'index', whole, by));
    return {
      quotient: this.variable(quotient, Math.floor(high / divisor) + 1),
      remainder: this.variable(remainder, Math.min(divisor, high + 1)),
    };
  }

  #indexStep(outer: Operand | undefined, product: Expression, depth: number, key: string): Operand {
    const value = outer === undefined ? product : indexBinary('add', outer.expression, product);
    return this.#memoised(`base ${key}`, () => this.bind(value, depth));
  }

  #memoised(key: string, make: () => Operand): Operand {
    const known = this.#bound.get(key);
    if (known !== undefined && this.#scopes[known.operand.depth] === known.scope) return known.operand;
    const operand = make();
    this.#bound.set(key, { operand, scope: this.#scopes[operand.depth]! });
    return operand;
  }

  // Memory

  #parameter(storage: StorageId, dtype: DType, elements: number): number {
    const key = `${storage} ${dtype}`;
    const known = this.#parameterOf.get(key);
    if (known !== undefined) return known;
    const position = this.#parameters.length;
    this.#parameters.push({ storage, dtype, elements, reads: false, writes: false, index: undefined });
    this.#parameterOf.set(key, position);
    return position;
  }

  #access(position: number, index: Affine): Parameter {
    const parameter = this.#parameters[position]!;
    if (parameter.index === undefined) parameter.index = index.key;
    else if (parameter.index !== index.key) parameter.index = null;
    return parameter;
  }

  /** Element `index` of a storage that this kernel does not write. */
  load(storage: StorageId, dtype: DType, elements: number, index: Affine): Operand {
    const buffer = this.#parameter(storage, dtype, elements);
    this.#access(buffer, index).reads = true;
    return this.#memoised(`load ${buffer} ${index.key}`, () => {
      const { expression, depth } = this.indexExpression(index);
      return this.bind({ kind: 'load', type: dtype, buffer, index: expression }, depth);
    });
  }

  /** Element `index` of a storage that this kernel may have written: read here, now. */
  loadNow(storage: StorageId, dtype: DType, elements: number, index: Affine): Operand {
    const buffer = this.#parameter(storage, dtype, elements);
    this.#access(buffer, index).reads = true;
    const { expression } = this.indexExpression(index);
    return this.bind({ kind: 'load', type: dtype, buffer, index: expression }, this.depth);
  }

  store(storage: StorageId, dtype: DType, elements: number, index: Affine, value: Operand): void {
    const buffer = this.#parameter(storage, dtype, elements);
    this.#access(buffer, index).writes = true;
    const { expression } = this.indexExpression(index);
    this.emit({ kind: 'store', buffer, index: expression, value: value.expression });
  }

  // Statements

  emit(statement: Statement): void {
    this.#scopes[this.depth]!.statements.push(statement);
  }

  /** Declares a mutable scalar here; `read` gives its value as of now. */
  mutable(type: ScalarType, initial: Operand): { readonly name: string; read(): Operand } {
    const name = `m${this.#names++}`;
    this.emit({ kind: 'accumulator', name, type, initial: initial.expression });
    return { name, read: () => ({ expression: { kind: 'variable', type, name }, depth: this.depth }) };
  }

  accumulate(name: string, op: BinaryOp, value: Operand): void {
    this.emit({ kind: 'accumulate', name, op, value: value.expression });
  }

  assign(name: string, value: Operand): void {
    this.emit({ kind: 'assign', name, value: value.expression });
  }

  /** Runs `body` with a variable over [0, extent); no loop when there is but one iteration. */
  loop(extent: number, vector: boolean, body: (variable: Affine) => void): void {
    if (extent === 1) body(zero);
    else this.range(this.index(0), this.index(extent), extent, extent, vector, body);
  }

  /** A loop over [begin, end), which is a part of [0, extent) of at most `trips` iterations. */
  range(
    begin: Operand,
    end: Operand,
    extent: number,
    trips: number,
    vector: boolean,
    body: (variable: Affine) => void,
  ): void {
    const depth = this.#scopes.length;
    const name = `i${this.#names++}`;
    const statements = this.#inside(() => body(Affine.of({ name, id: this.#variables++, extent, depth })));
    this.emit({
      kind: 'for',
      variable: name,
      begin: begin.expression,
      end: end.expression,
      extent: trips,
      vector,
      body: statements,
    });
  }

  when(condition: Operand, then: () => void, otherwise: () => void = () => {}): void {
    const statements = this.#inside(then);
    const others = this.#inside(otherwise);
    // biome-ignore lint/suspicious/noThenProperty: a branch of the IR; it is data and never awaited
    this.emit({ kind: 'if', condition: condition.expression, then: statements, otherwise: others });
  }

  /** `condition` is built of loads and mutable scalars and binds nothing. */
  repeat(condition: Expression, body: () => void): void {
    const statements = this.#inside(body);
    this.emit({ kind: 'while', condition, body: statements });
  }

  #inside(body: () => void): Statement[] {
    const scope: Scope = { statements: [] };
    this.#scopes.push(scope);
    body();
    this.#scopes.pop();
    return scope.statements;
  }

  /** The item variable of a kernel with `items` items. */
  item(items: number): Affine {
    if (items === 1) return zero;
    return Affine.of({ name: itemVariable, id: this.#variables++, extent: items, depth: 0 });
  }

  finish(name: string, items: number, costPerItem: number): BuiltKernel {
    const parameters = this.#parameters.map(
      ({ dtype, elements, reads, writes }): BufferParameter => ({
        dtype,
        elements,
        access: reads && writes ? 'readwrite' : writes ? 'write' : 'read',
      }),
    );
    const storagesOf = (accessing: readonly Parameter[]): StorageId[] => accessing.map(({ storage }) => storage);
    return {
      kernel: {
        ...{ name, parameters, items, costPerItem: Math.ceil(costPerItem), body: this.#scopes[0]!.statements },
        operations: [...this.#operations.values()],
      },
      storages: storagesOf(this.#parameters),
      reads: storagesOf(this.#parameters.filter(({ reads, writes }) => reads || !writes)),
      writes: storagesOf(this.#parameters.filter(({ writes }) => writes)),
      inPlace: this.#inPlacePairs(),
    };
  }

  #inPlacePairs(): (readonly [StorageId, StorageId])[] {
    const all = this.#parameters;
    const isOne = ({ storage }: Parameter): boolean => all.filter((other) => other.storage === storage).length === 1;
    const sources = all.filter((parameter) => !parameter.writes && isOne(parameter));
    return all
      .filter(({ reads, writes, index }) => writes && !reads && typeof index === 'string')
      .flatMap((written) =>
        sources
          .filter(({ index, dtype }) => index === written.index && dtypes[dtype].bytes === dtypes[written.dtype].bytes)
          .map(({ storage }) => [storage, written.storage] as const),
      );
  }
}

function indexConstant(value: number): Expression {
  return { kind: 'constant', type: 'index', value };
}

function indexBinary(op: 'add' | 'subtract' | 'multiply', left: Expression, right: Expression): Expression {
  return { kind: 'binary', type: 'index', op, left, right };
}

function scaled({ name }: IndexVariable, scale: number): Expression {
  const variable: Expression = { kind: 'variable', type: 'index', name };
  return scale === 1 ? variable : indexBinary('multiply', variable, indexConstant(scale));
}
