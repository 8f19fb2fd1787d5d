/**
 * Ops that write a part of their result: concatenate, dynamic_update_slice; and the start values that ops change in place.
 * Late parts.
 */

import { type Instruction, stridesOf, type ValueId } from '@ceratops/kernel-registry';
import { type Affine, combine, cutSpace, mergedView, type StridedView, sum, zero } from '../affine.js';
import type { StorageId } from '../kernel-builder.js';
import { draftCopy } from '../storage.js';
import { boundariesBelow } from './boundaries.js';
import type { LoweringContext } from './context.js';
import { clampedIndex } from './indexed.js';
import { blocking, linear, openLoops } from './loops.js';
import type { ValueEmitter } from './values.js';
import { boundariesOf } from './view.js';

/** Puts the elements of `value` into `storage`: copied if they are in memory, else computed there. */
export function seed(context: LoweringContext, value: ValueId, storage: StorageId): void {
  const { graph } = context.fusion;
  if (context.isComputed(value)) {
    const whole = mergedView(graph.types[value]!.shape, stridesOf(graph.types[value]!.shape), 0);
    storeRegion(context, value, storage, graph.sizes[value]!, whole);
    return;
  }
  const { bytes } = context.storages[storage]!;
  context.steps.push(draftCopy(context.storageOf(value), storage, bytes));
}

/**
 * Stores `value` into the part of `storage` that `region` describes: its dimensions are the value's, its strides and
 * offset lead into the storage.
 */
export function storeRegion(
  context: LoweringContext,
  value: ValueId,
  storage: StorageId,
  elements: number,
  region: StridedView,
  moved: (emitter: ValueEmitter) => Affine = () => zero,
): void {
  const { graph } = context.fusion;
  const size = graph.sizes[value]!;
  if (size === 0) return;
  const boundaries = boundariesBelow(context.fusion, -1, [value]);
  for (const boundary of boundariesOf(region.dimensions)) boundaries.add(boundary);
  const extents = cutSpace(size, boundaries);
  const blocks = blocking(extents, context.inlineCost(value) + 1, context.target.itemCost);
  context.kernel(`store_${graph.instructionOf(value)?.op ?? 'input'}`, -1, (emitter) => {
    const base = moved(emitter);
    openLoops(emitter.builder, extents, blocks, true, (coordinates) => {
      const index = linear(coordinates, extents);
      const operand = emitter.value(value, index);
      const inside = emitter.builder.coordinates(index, region.dimensions);
      const at = sum(base, combine(region.offset, inside, region.strides));
      emitter.builder.store(storage, graph.types[value]!.dtype, elements, at, operand);
    });
    return { ...blocks, rowElements: undefined };
  });
}

export function lowerConcatenate(
  context: LoweringContext,
  { operands, attributes, results }: Instruction<'concatenate'>,
  first: ValueId,
): void {
  const { types, sizes } = context.fusion.graph;
  const strides = stridesOf(results[0]!.shape);
  const storage = context.storageOf(first);
  let start = 0;
  for (const operand of operands) {
    const { shape } = types[operand]!;
    const region = mergedView(shape, strides, start * strides[attributes.dimension]!);
    storeRegion(context, operand, storage, sizes[first]!, region);
    start += shape[attributes.dimension]!;
  }
}

export function lowerDynamicUpdateSlice(
  context: LoweringContext,
  { operands, results }: Instruction<'dynamic_update_slice'>,
  first: ValueId,
): void {
  const [operand, update, ...starts] = operands as [ValueId, ValueId, ...ValueId[]];
  const { types, sizes } = context.fusion.graph;
  const { shape } = results[0]!;
  const part = types[update]!.shape;
  const strides = stridesOf(shape);
  const storage = context.storageOf(first);
  seed(context, operand, storage);
  storeRegion(context, update, storage, sizes[first]!, mergedView(part, strides, 0), (emitter) => {
    const positions = shape.map((size, axis) =>
      clampedIndex(emitter.builder, emitter.value(starts[axis]!, zero), size - part[axis]!),
    );
    return combine(0, positions, strides);
  });
}

export function lowerBarrier(
  context: LoweringContext,
  { operands }: Instruction<'optimization_barrier'>,
  first: ValueId,
): void {
  operands.forEach((operand, i) => {
    seed(context, operand, context.storageOf(first + i));
  });
}
