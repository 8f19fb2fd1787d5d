/** Elements that indices in memory lead to: gather and dynamic_slice. Late parts. */

import { type AnyInstruction, type DType, dtypes, stridesOf, type ValueId } from '@ceratops/kernel-registry';
import { Affine, combine, sum, zero } from '../affine.js';
import type { KernelBuilder, Operand } from '../kernel-builder.js';
import { withoutLowering } from './elementwise.js';
import type { ValueEmitter } from './values.js';

export function dynamicSlice(emitter: ValueEmitter, instruction: AnyInstruction, index: Affine): Operand {
  const [operand, ...starts] = instruction.operands as [ValueId, ...ValueId[]];
  const shape = emitter.shapeOf(operand);
  const sizes = instruction.results[0]!.shape;
  const coordinates = emitter.builder.coordinates(index, sizes);
  const positions = shape.map((size, axis) =>
    sum(coordinates[axis]!, clampedIndex(emitter.builder, emitter.value(starts[axis]!, zero), size - sizes[axis]!)),
  );
  return emitter.value(operand, combine(0, positions, stridesOf(shape)));
}

export function gather(emitter: ValueEmitter, instruction: AnyInstruction, index: Affine): Operand {
  if (instruction.op !== 'gather') throw withoutLowering(instruction.op, 'here');
  const { attributes } = instruction;
  const [operand, indices] = instruction.operands as [ValueId, ValueId];
  const coordinates = emitter.builder.coordinates(index, instruction.results[0]!.shape);
  const batch = coordinates.filter((_, axis) => !attributes.offsetDims.includes(axis));
  const shape = emitter.shapeOf(operand);
  const indicesShape = emitter.shapeOf(indices);
  const positions = shape.map(() => zero);
  attributes.startIndexMap.forEach((axis, component) => {
    const at = insertedAt(batch, attributes.indexVectorDim, Affine.constant(component), indicesShape.length);
    const start = emitter.value(indices, combine(0, at, stridesOf(indicesShape)));
    positions[axis] = clampedIndex(emitter.builder, start, shape[axis]! - attributes.sliceSizes[axis]!);
  });
  attributes.operandBatchingDims.forEach((axis, i) => {
    const position = attributes.startIndicesBatchingDims[i]!;
    positions[axis] = batch[position < attributes.indexVectorDim ? position : position - 1]!;
  });
  const dropped = new Set([...attributes.collapsedSliceDims, ...attributes.operandBatchingDims]);
  let next = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    if (dropped.has(axis)) continue;
    positions[axis] = sum(positions[axis]!, coordinates[attributes.offsetDims[next++]!]!);
  }
  return emitter.value(operand, combine(0, positions, stridesOf(shape)));
}

/** The start index held by a scalar integer: clamped to [0, last], as an index variable. */
export function clampedIndex(builder: KernelBuilder, start: Operand, last: number): Affine {
  if (last === 0) return zero;
  const type = start.expression.type as DType;
  const { bits, kind } = dtypes[type];
  const wide = bits === 64;
  const highest = 2 ** (kind === 'uint' ? bits : bits - 1) - 1;
  const limit = builder.constant(type, wide ? BigInt(last) : Math.min(last, highest));
  const capped = builder.binary('minimum', type, start, limit);
  const clamped =
    kind === 'uint' ? capped : builder.binary('maximum', type, capped, builder.constant(type, wide ? 0n : 0));
  return builder.variable(builder.convert('index', clamped), last + 1);
}

/** `list` with `item` put at `position`, unless the list is as long as it should be already. */
export function insertedAt<T>(list: readonly T[], position: number, item: T, length: number): T[] {
  return list.length === length ? [...list] : [...list.slice(0, position), item, ...list.slice(position)];
}
