/**
 * select_and_scatter (the gradient of max pooling): per window, find the chosen element, then scatter the source's
 * element to it. All positions of a window are rewritten, so that lanes along a pass-through axis need no branches.
 */

import {
  type Instruction,
  identityOf,
  reducerKind,
  type Shape,
  sizeOf,
  stridesOf,
  type ValueId,
} from '@ceratops/kernel-registry';
import { type Affine, combine, zero } from '../affine.js';
import type { Operand } from '../kernel-builder.js';
import type { LoweringContext } from './context.js';
import { emitRegion } from './elementwise.js';
import { blocking, constants, linear, openLoops } from './loops.js';
import { isConstant } from './reduction.js';
import { allOf, guarded, type ValueEmitter } from './values.js';

/** A window of so few elements is written out instead of looped over. */
const mostUnrolled = 9;

type Operation = Instruction<'select_and_scatter'>;

export function lowerSelectAndScatter(context: LoweringContext, instruction: Operation, first: ValueId): void {
  const { operands, attributes } = instruction;
  const [operand, source, initial] = operands as [ValueId, ValueId, ValueId];
  const { types, sizes } = context.fusion.graph;
  const { windowDimensions, windowStrides, padding } = attributes;
  const apart = windowDimensions.every((size, axis) => windowStrides[axis]! >= size);
  if (!apart || !coversAll(instruction, types[operand]!.shape)) fill(context, initial, first);
  if (sizes[source] === 0 || sizes[operand] === 0) return;
  const shape = types[source]!.shape;
  const passes = shape.map(
    (_, axis) =>
      windowDimensions[axis] === 1 && windowStrides[axis] === 1 && padding[axis]![0] === 0 && padding[axis]![1] === 0,
  );
  const loops = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== 1);
  const last = loops.at(-1);
  const vector = last !== undefined && passes[last] ? last : undefined;
  const outer = loops.filter((axis) => axis !== vector && (apart || passes[axis]));
  const serial = loops.filter((axis) => axis !== vector && !outer.includes(axis));
  const size = (axes: readonly number[]): number => axes.reduce((product, axis) => product * shape[axis]!, 1);
  const window = windowDimensions.reduce((a, b) => a * b, 1);
  const extents = outer.map((axis) => shape[axis]!);
  const cost = 8 * window * size(serial) * (vector === undefined ? 1 : shape[vector]!);
  // Blocks end between rows of the vector axis, wherever that is not cut itself.
  const blocks = blocking(extents, cost, context.target.itemCost, vector === undefined ? undefined : 1);
  const scattering = new WindowScatter(context, instruction, first, types[operand]!.shape, apart);
  context.kernel('select_and_scatter', -1, (emitter) => {
    const at = shape.map(() => zero);
    const descend = (axes: readonly number[]): void => {
      const [axis, ...rest] = axes;
      if (axis === undefined) {
        scattering.write(emitter, at, linear(at, shape));
        return;
      }
      emitter.builder.loop(shape[axis]!, axis === vector, (coordinate) => {
        at[axis] = coordinate;
        descend(rest);
      });
    };
    openLoops(emitter.builder, extents, blocks, false, (coordinates) => {
      outer.forEach((axis, i) => {
        at[axis] = coordinates[i]!;
      });
      descend(vector === undefined ? serial : [...serial, vector]);
    });
    return { ...blocks, rowElements: undefined };
  });
}

/** Whether every element is in some window. */
function coversAll({ attributes }: Operation, shape: Shape): boolean {
  const { windowDimensions, windowStrides, padding } = attributes;
  return shape.every((size, axis) => {
    const [low, high] = padding[axis]!;
    const windows = Math.floor((size + low + high - windowDimensions[axis]!) / windowStrides[axis]!) + 1;
    return windowStrides[axis] === windowDimensions[axis] && windows * windowDimensions[axis]! - low >= size;
  });
}

function fill(context: LoweringContext, initial: ValueId, result: ValueId): void {
  const size = context.fusion.graph.sizes[result]!;
  if (size === 0) return;
  const blocks = blocking([size], 1, context.target.itemCost);
  context.kernel('fill', -1, (emitter) => {
    const value = emitter.value(initial, zero);
    openLoops(emitter.builder, [size], blocks, true, ([index]) => emitter.store(result, index!, value));
    return { ...blocks, rowElements: undefined };
  });
}

function isFirst({ expression }: Operand): boolean {
  return expression.kind === 'constant' && expression.value === 0;
}

class WindowScatter {
  readonly #context: LoweringContext;
  readonly #instruction: Operation;
  readonly #result: ValueId;
  readonly #shape: Shape;
  /** No element is in two windows, so that none is added to twice. */
  readonly #apart: boolean;

  constructor(context: LoweringContext, instruction: Operation, result: ValueId, shape: Shape, apart: boolean) {
    this.#context = context;
    this.#instruction = instruction;
    this.#result = result;
    this.#shape = shape;
    this.#apart = apart;
  }

  /** @param at coordinates of the window, `index` the same as a linear index in the source. */
  write(emitter: ValueEmitter, at: readonly Affine[], index: Affine): void {
    const { builder } = emitter;
    const { operands, attributes } = this.#instruction;
    const [operand, source] = operands as [ValueId, ValueId];
    const { dtype } = this.#instruction.results[0]!;
    const none = builder.constant('int32', -1);
    const best = builder.mutable(dtype, builder.constant(dtype, dtype === 'int64' || dtype === 'uint64' ? 0n : 0));
    const chosen = builder.mutable('int32', none);
    let isChosen = false;
    this.#window(emitter, at, (position, inside, number) => {
      const candidate = emitter.load(operand, position);
      // Written out, a first position that is surely inside leaves nothing undecided for those after it.
      if (inside === undefined && isFirst(number)) {
        builder.assign(best.name, candidate);
        builder.assign(chosen.name, number);
        isChosen = true;
        return;
      }
      const [keeps] = emitRegion(builder, attributes.select, [best.read(), candidate]);
      let takes = builder.unary('not', 'bool', keeps!);
      if (!isChosen)
        takes = builder.binary('or', 'bool', takes, builder.compare('LT', chosen.read(), builder.constant('int32', 0)));
      const takesInside = inside === undefined ? takes : builder.binary('and', 'bool', takes, inside);
      const nextBest = builder.select(takesInside, candidate, best.read());
      const nextChosen = builder.select(takesInside, number, chosen.read());
      builder.assign(best.name, nextBest);
      builder.assign(chosen.name, nextChosen);
    });
    const update = emitter.value(source, index);
    this.#window(emitter, at, (position, inside, number) => {
      const write = (): void => {
        const current = this.#current(emitter, position);
        const op = reducerKind(attributes.scatter);
        const alone = this.#apart && op !== undefined && isConstant(current, identityOf(op, dtype));
        const [next] = alone ? [update] : emitRegion(builder, attributes.scatter, [current, update]);
        const hit = builder.compare('EQ', chosen.read(), number);
        emitter.store(this.#result, position, builder.select(hit, next!, current));
      };
      if (inside === undefined) write();
      else builder.when(inside, write);
    });
  }

  /** The element that the update is scattered onto. */
  #current(emitter: ValueEmitter, position: Affine): Operand {
    const { dtype } = this.#instruction.results[0]!;
    if (this.#apart) return emitter.value(this.#instruction.operands[2]!, zero);
    const storage = this.#context.storageOf(this.#result);
    return emitter.builder.loadNow(storage, dtype, emitter.sizeOf(this.#result), position);
  }

  /** Loops over the window at `at`: the operand's linear index, whether it is inside, and the number in the window. */
  #window(
    { builder }: ValueEmitter,
    at: readonly Affine[],
    body: (position: Affine, inside: Operand | undefined, number: Operand) => void,
  ): void {
    const { windowDimensions, windowStrides, padding } = this.#instruction.attributes;
    const within: Affine[] = [];
    const unrolled = sizeOf(windowDimensions) <= mostUnrolled;
    const descend = (axis: number): void => {
      if (axis < windowDimensions.length) {
        const next = (coordinate: Affine): void => {
          within[axis] = coordinate;
          descend(axis + 1);
        };
        if (unrolled) constants(windowDimensions[axis]!).forEach(next);
        else builder.loop(windowDimensions[axis]!, false, next);
        return;
      }
      const parts = this.#shape.map((size, d) =>
        guarded(builder, combine(-padding[d]![0], [at[d]!, within[d]!], [windowStrides[d]!, 1]), size),
      );
      const positions = parts.map(({ position }) => position);
      const inside = allOf(
        builder,
        parts.map((part) => part.inside),
      );
      const { expression, depth } = builder.indexExpression(linear(within, windowDimensions));
      const number = builder.convert('int32', builder.bind(expression, depth));
      body(combine(0, positions, stridesOf(this.#shape)), inside, number);
    };
    descend(0);
  }
}
