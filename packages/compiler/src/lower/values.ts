/**
 * The element of a value at a linear index, as a scalar: loads where the value is in memory, else the computation
 * itself. One rule per op that may be computed on the way.
 */

import { type AnyInstruction, type DType, type OpName, stridesOf, type ValueId } from '@ceratops/kernel-registry';
import { type Affine, combine, zero } from '../affine.js';
import type { Fusion } from '../fusion.js';
import type { KernelBuilder, Operand, StorageId } from '../kernel-builder.js';
import { type LateParts, needed } from '../late-parts.js';
import type { LoweringContext } from './context.js';
import { emitElementwise, withoutLowering } from './elementwise.js';
import { viewOf } from './view.js';

export class ValueEmitter {
  readonly builder: KernelBuilder;
  readonly #fusion: Fusion;
  readonly #late: LateParts | undefined;
  readonly #storageOf: (value: ValueId) => StorageId;
  readonly #group: number;
  readonly #known = new Map<Affine, Map<ValueId, Operand>>();

  /** @param group number of the group being written: its members are computed, those of others are loaded. */
  constructor(builder: KernelBuilder, { fusion, target, storageOf }: LoweringContext, group: number) {
    this.builder = builder;
    this.#fusion = fusion;
    this.#late = target.late;
    this.#storageOf = storageOf;
    this.#group = group;
  }

  /** States the element of a value at `index`, for values that the caller computes itself. */
  define(value: ValueId, index: Affine, operand: Operand): void {
    this.#knownAt(index).set(value, operand);
  }

  value(value: ValueId, index: Affine): Operand {
    const known = this.#knownAt(index);
    let operand = known.get(value);
    if (operand === undefined) known.set(value, (operand = this.#compute(value, index)));
    return operand;
  }

  #knownAt(index: Affine): Map<ValueId, Operand> {
    let known = this.#known.get(index);
    if (known === undefined) this.#known.set(index, (known = new Map()));
    return known;
  }

  #compute(value: ValueId, index: Affine): Operand {
    const { graph, modes, groupOf } = this.#fusion;
    const definition = graph.definitions[value]!;
    if (definition < 0) return this.load(value, index);
    const mode = modes[definition]!;
    if (mode === 'inline' || (mode === 'member' && groupOf[definition] === this.#group)) {
      const instruction = graph.program.instructions[definition]!;
      return this.#ruleOf(instruction.op)(this, instruction, index);
    }
    return this.load(value, index);
  }

  #ruleOf(op: OpName): ValueRule {
    if (op === 'gather' || op === 'dynamic_slice' || op === 'reverse') return needed(this.#late).values[op];
    return rules[op] ?? elementwise;
  }

  load(value: ValueId, index: Affine): Operand {
    const { graph, rootOf } = this.#fusion;
    return this.builder.load(this.#storageOf(rootOf(value)), graph.types[value]!.dtype, graph.sizes[value]!, index);
  }

  store(value: ValueId, index: Affine, operand: Operand): void {
    const { graph } = this.#fusion;
    this.builder.store(this.#storageOf(value), graph.types[value]!.dtype, graph.sizes[value]!, index, operand);
  }

  shapeOf(value: ValueId): readonly number[] {
    return this.#fusion.graph.types[value]!.shape;
  }

  sizeOf(value: ValueId): number {
    return this.#fusion.graph.sizes[value]!;
  }

  dtypeOf(value: ValueId): DType {
    return this.#fusion.graph.types[value]!.dtype;
  }
}

export type ValueRule = (emitter: ValueEmitter, instruction: AnyInstruction, index: Affine) => Operand;

type Rules = { readonly [O in OpName]?: ValueRule };

export const view: ValueRule = (emitter, instruction, index) => {
  const operand = instruction.operands[0]!;
  const { dimensions, strides, offset } = viewOf(instruction, emitter.shapeOf(operand));
  const coordinates = emitter.builder.coordinates(index, dimensions);
  return emitter.value(operand, combine(offset, coordinates, strides));
};

const rules: Rules = {
  select: (emitter, { operands }, index) => {
    const [predicate, then, otherwise] = operands as [ValueId, ValueId, ValueId];
    const scalar = emitter.shapeOf(predicate).length === 0;
    return emitter.builder.select(
      emitter.value(predicate, scalar ? zero : index),
      emitter.value(then, index),
      emitter.value(otherwise, index),
    );
  },
  iota: (emitter, instruction, index) => {
    if (instruction.op !== 'iota') throw withoutLowering(instruction.op, 'here');
    const { type, dimension } = instruction.attributes;
    const inner = type.shape.slice(dimension + 1).reduce((a, b) => a * b, 1);
    const outer = type.shape.slice(0, dimension).reduce((a, b) => a * b, 1);
    const [, coordinate] = emitter.builder.coordinates(index, [outer, type.shape[dimension]!, inner]);
    return emitter.builder.convert(type.dtype, bindIndex(emitter.builder, coordinate!));
  },
  reshape: (emitter, { operands }, index) => emitter.value(operands[0]!, index),
  broadcast_in_dim: view,
  transpose: view,
  slice: view,
  pad,
};

const elementwise: ValueRule = (emitter, instruction, index) =>
  emitElementwise(
    emitter.builder,
    instruction,
    instruction.operands.map((operand) => emitter.value(operand, index)),
  );

function bindIndex(builder: KernelBuilder, form: Affine): Operand {
  const { expression, depth } = builder.indexExpression(form);
  return builder.bind(expression, depth);
}

/** Where `form` lies in [0, size): a condition if it may lie outside, and a form that never does. */
export function guarded(
  builder: KernelBuilder,
  form: Affine,
  size: number,
): { readonly inside: Operand | undefined; readonly position: Affine } {
  const [low, high] = form.range();
  if (low >= 0 && high < size) return { inside: undefined, position: form };
  const whole = bindIndex(builder, form);
  let inside: Operand | undefined;
  let clamped = whole;
  if (low < 0) {
    inside = builder.compare('GE', whole, builder.index(0));
    clamped = builder.binary('maximum', 'index', clamped, builder.index(0));
  }
  if (high >= size) {
    const below = builder.compare('LT', whole, builder.index(size));
    inside = inside === undefined ? below : builder.binary('and', 'bool', inside, below);
    clamped = builder.binary('minimum', 'index', clamped, builder.index(size - 1));
  }
  return { inside, position: builder.variable(clamped, size) };
}

/** The conjunction of conditions; undefined when there are none. */
export function allOf(builder: KernelBuilder, conditions: readonly (Operand | undefined)[]): Operand | undefined {
  let all: Operand | undefined;
  // Outer conditions first, so that their conjunction stays outside the inner loops.
  for (const condition of [...conditions].sort((a, b) => (a?.depth ?? 0) - (b?.depth ?? 0))) {
    if (condition === undefined) continue;
    all = all === undefined ? condition : builder.binary('and', 'bool', all, condition);
  }
  return all;
}

/** `form / divisor` where that is whole; else a condition that says so. `form` may be negative. */
export function undilated(
  builder: KernelBuilder,
  form: Affine,
  divisor: number,
  size: number,
): { readonly inside: Operand | undefined; readonly position: Affine } {
  if (divisor === 1) return guarded(builder, form, size);
  const { inside, position } = guarded(builder, form, (size - 1) * divisor + 1);
  const [quotient, remainder] = builder.coordinates(position, [size, divisor]);
  if (remainder!.terms.length === 0 && remainder!.constant === 0) return { inside, position: quotient! };
  const whole = builder.compare('EQ', bindIndex(builder, remainder!), builder.index(0));
  return { inside: allOf(builder, [inside, whole]), position: quotient! };
}

function pad(emitter: ValueEmitter, instruction: AnyInstruction, index: Affine): Operand {
  if (instruction.op !== 'pad') throw withoutLowering(instruction.op, 'here');
  const { builder } = emitter;
  const { low, interior } = instruction.attributes;
  const [operand, padding] = instruction.operands as [ValueId, ValueId];
  const shape = emitter.shapeOf(operand);
  if (emitter.sizeOf(operand) === 0) return emitter.value(padding, zero);
  const coordinates = builder.coordinates(index, instruction.results[0]!.shape);
  const parts = shape.map((size, axis) =>
    undilated(builder, coordinates[axis]!.plus(-low[axis]!), interior[axis]! + 1, size),
  );
  const positions = parts.map(({ position }) => position);
  const value = emitter.value(operand, combine(0, positions, stridesOf(shape)));
  const inside = allOf(
    builder,
    parts.map((part) => part.inside),
  );
  return inside === undefined ? value : builder.select(inside, value, emitter.value(padding, zero));
}
