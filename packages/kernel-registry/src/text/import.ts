/** From the tree to a Program: names become ids, calls are inlined, captured values become operands. */

import { ProgramBuilder } from '../any-op.js';
import type { Value } from '../builder.js';
import { CeratopsError, isCeratopsError } from '../errors.js';
import type { Literal } from '../literal.js';
import type { OpName } from '../opset.js';
import type { Program } from '../program.js';
import { formatType, sameType } from '../tensor-type.js';
import { Fields } from './attributes.js';
import { freeNames } from './captures.js';
import { expansions } from './expand/index.js';
import type { Lexer } from './lexer.js';
import { placeOf } from './lexer.js';
import type { OpText, ReadContext } from './op-text.js';
import { opTexts } from './ops.js';
import type { TextFunction, TextModule, TextOp, TextRegion } from './tree.js';

/** The values that names mean, and the constants among them. */
class Scope {
  readonly #values = new Map<string, Value>();
  readonly #constants = new Map<string, Literal>();

  set(name: string, value: Value, constant?: Literal): void {
    this.#values.set(name, value);
    if (constant) this.#constants.set(name, constant);
  }

  /** `%x` also means `%x#0`. */
  get(name: string): Value | undefined {
    return this.#values.get(name) ?? this.#values.get(name.endsWith('#0') ? name.slice(0, -2) : `${name}#0`);
  }

  constant(name: string): Literal | undefined {
    return this.#constants.get(name);
  }
}

export class Importer {
  readonly #module: TextModule;
  readonly #lexer: Lexer;
  /** Functions being inlined, outermost first. */
  readonly #active: string[] = [];

  constructor(module: TextModule, lexer: Lexer) {
    this.#module = module;
    this.#lexer = lexer;
  }

  /** The program of a function, calls inlined. */
  program(symbol: string, offset: number, name: string = symbol): Program {
    const definition = this.#function(symbol, offset);
    const builder = new ProgramBuilder();
    const inputs = definition.inputs.map((input) => builder.input(input.type));
    const outputs = this.#inline(definition, inputs, builder, offset);
    const aliases = definition.inputs.map(({ attributes }) => {
      const alias = attributes.get('tf.aliasing_output');
      return alias?.kind === 'integer' ? Number(alias.value) : undefined;
    });
    return builder.build(outputs, name, aliases);
  }

  #function(symbol: string, offset: number): TextFunction {
    const found = this.#module.functions.get(symbol);
    if (!found) throw this.#lexer.error(`a function @${symbol}`, offset, 'unknown function');
    return found;
  }

  #inline(definition: TextFunction, operands: readonly Value[], builder: ProgramBuilder, offset: number): Value[] {
    const { name, inputs } = definition;
    if (this.#active.includes(name)) throw this.#lexer.error('no recursion', offset, `@${name} calls itself`);
    if (operands.length !== inputs.length) {
      throw this.#lexer.error(`${inputs.length} operands for @${name}`, offset, `${operands.length} operands`);
    }
    this.#active.push(name);
    const scope = new Scope();
    inputs.forEach((input, i) => {
      scope.set(input.name, operands[i]!);
    });
    const outputs = this.#body(definition, scope, builder);
    this.#active.pop();
    return outputs;
  }

  /** Emits a block and gives what its terminator returns. */
  #body({ ops }: TextRegion, scope: Scope, builder: ProgramBuilder): Value[] {
    const terminator = ops[ops.length - 1];
    for (const op of ops.slice(0, -1)) this.#op(op, scope, builder);
    if (!terminator?.name.endsWith('.return')) {
      throw this.#lexer.error('a return at the end of the block', terminator?.offset ?? 0);
    }
    return this.#operands(terminator, scope);
  }

  #operands(op: TextOp, scope: Scope): Value[] {
    return op.operands.map((name) => this.#value(name, scope, op.offset));
  }

  #value(name: string, scope: Scope, offset: number): Value {
    const value = scope.get(name);
    if (!value) throw this.#lexer.error('a value defined before', offset, `unknown value %${name}`);
    return value;
  }

  #op(op: TextOp, scope: Scope, builder: ProgramBuilder): void {
    try {
      this.#define(op, this.#emit(op, scope, builder), scope);
    } catch (error) {
      throw this.#located(error, op);
    }
  }

  /** Puts the place into an error that does not have one yet. */
  #located(error: unknown, { offset, name }: TextOp): unknown {
    if (!isCeratopsError(error) || error.subject?.startsWith('StableHLO ')) return error;
    const { line, column } = placeOf(this.#lexer.source, offset);
    const code = error.code === 'UNSUPPORTED' ? 'UNSUPPORTED' : 'MALFORMED_INPUT';
    return new CeratopsError(code, `${name} does not fit`, {
      subject: `StableHLO ${line}:${column}`,
      expected: error.expected,
      received: error.received,
      remedy: error.message,
      cause: error,
    });
  }

  #define(op: TextOp, values: readonly Value[], scope: Scope): void {
    op.resultTypes.forEach((type, i) => {
      const value = values[i];
      if (value === undefined || !sameType(value.type, type)) {
        const received = value ? formatType(value.type) : 'nothing';
        throw this.#lexer.error(received, op.offset, `${op.name} is declared to give ${formatType(type)}`);
      }
      const literal = op.attributes.get('value');
      const isConstant = op.name === 'stablehlo.constant' && literal?.kind === 'dense';
      if (op.results[i] !== undefined) scope.set(op.results[i], value, isConstant ? literal.value : undefined);
    });
  }

  #emit(op: TextOp, scope: Scope, builder: ProgramBuilder): readonly Value[] {
    const operands = this.#operands(op, scope);
    if (op.name === 'func.call') {
      const callee = op.attributes.get('callee');
      const symbol = callee?.kind === 'symbol' ? callee.value : '';
      return this.#inline(this.#function(symbol, op.offset), operands, builder, op.offset);
    }
    const name = op.name.replace(/^stablehlo\./, '');
    if (name === 'while') return this.#while(op, operands, scope, builder);
    if (name === 'case' || name === 'if') return this.#case(op, operands, scope, builder);
    const regions = op.regions.map((region) => this.#region(region, [], scope, op));
    const context = this.#context(op, operands, regions);
    const expansion = expansions[op.name];
    if (expansion) return expansion(builder, operands, context);
    if (op.name === name || !Object.hasOwn(opTexts, name)) throw this.#lexer.unsupported(op.name, op.offset);
    const text = opTexts[name as OpName] as OpText<OpName>;
    return builder.emit(name as OpName, operands, text.read(context));
  }

  #context(op: TextOp, operands: readonly Value[], regions: readonly Program[]): ReadContext {
    const fail = (expected: string): Error =>
      this.#lexer.error(expected, op.offset, `${op.name} lacks an attribute or has an unfit one`);
    return {
      fields: new Fields(op.attributes, fail),
      operandTypes: operands.map((value) => value.type),
      resultTypes: op.resultTypes,
      regions,
      program: (symbol) => this.program(symbol, op.offset),
      fail,
    };
  }

  /** A region as a program over its arguments and `captured` values; captured constants are repeated inside. */
  #region(region: TextRegion, captured: readonly string[], outer: Scope, op: TextOp, returned = false): Program {
    const builder = new ProgramBuilder();
    const scope = new Scope();
    for (const { name, type } of region.inputs) scope.set(name, builder.input(type));
    for (const name of captured) scope.set(name, builder.input(this.#value(name, outer, op.offset).type));
    for (const name of freeNames([region])) {
      if (captured.includes(name)) continue;
      const literal = outer.constant(name);
      if (!literal) {
        throw new CeratopsError('UNSUPPORTED', `${op.name} captures %${name}, which is no constant`, {
          subject: `StableHLO ${placeOf(this.#lexer.source, op.offset).line}`,
          remedy: 'pass the value as an operand',
        });
      }
      scope.set(name, builder.emit('constant', [], { value: literal })[0]!, literal);
    }
    const outputs = this.#body(region, scope, builder);
    if (returned) outputs.push(...captured.map((name) => scope.get(name)!));
    return builder.build(outputs, op.name.replace(/^stablehlo\./, ''));
  }

  /** Captured values that are no constants become carries that the body hands on. */
  #while(op: TextOp, operands: readonly Value[], scope: Scope, builder: ProgramBuilder): readonly Value[] {
    const captured = freeNames(op.regions).filter((name) => !scope.constant(name));
    const carries = [...operands, ...captured.map((name) => this.#value(name, scope, op.offset))];
    const [conditionText, bodyText] = op.regions;
    const condition = this.#region(conditionText!, captured, scope, op);
    const body = this.#region(bodyText!, captured, scope, op, true);
    return builder.emit('while', carries, { condition, body }).slice(0, operands.length);
  }

  /** Branches take what they capture, in order of first use, as operands. An `if` is a case of false and true. */
  #case(op: TextOp, operands: readonly Value[], scope: Scope, builder: ProgramBuilder): readonly Value[] {
    const captured = freeNames(op.regions);
    const values = captured.map((name) => this.#value(name, scope, op.offset));
    const branches = op.regions.map((region) => this.#region(region, captured, scope, op));
    if (op.name === 'stablehlo.case') return builder.emit('case', [operands[0]!, ...values], { branches });
    const index = builder.emit('convert', operands, { dtype: 'int32' });
    return builder.emit('case', [index[0]!, ...values], { branches: branches.reverse() });
  }
}
