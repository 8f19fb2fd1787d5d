/** Movement ops over any emitter. Sugar emits nothing where nothing changes. */

import type { Emitter, Value } from '../builder.js';
import { type Shape, sameShape } from '../tensor-type.js';

export function reshape(emitter: Emitter, operand: Value, shape: Shape): Value {
  return sameShape(operand.type.shape, shape) ? operand : emitter.emit('reshape', [operand], { shape })[0]!;
}

export function broadcastInDim(
  emitter: Emitter,
  operand: Value,
  shape: Shape,
  broadcastDimensions: readonly number[],
): Value {
  if (sameShape(operand.type.shape, shape) && broadcastDimensions.every((axis, i) => axis === i)) return operand;
  return emitter.emit('broadcast_in_dim', [operand], { shape, broadcastDimensions })[0]!;
}

/** Puts a result that lost `dimensions` back over `shape`, as the gradient of a reduction does. */
export function broadcastOver(emitter: Emitter, operand: Value, shape: Shape, dimensions: readonly number[]): Value {
  const kept = shape.map((_, axis) => axis).filter((axis) => !dimensions.includes(axis));
  return broadcastInDim(emitter, operand, shape, kept);
}

export function transpose(emitter: Emitter, operand: Value, permutation: readonly number[]): Value {
  const moves = permutation.length !== operand.type.shape.length || permutation.some((axis, i) => axis !== i);
  return moves ? emitter.emit('transpose', [operand], { permutation })[0]! : operand;
}

export function slice(
  emitter: Emitter,
  operand: Value,
  startIndices: readonly number[],
  limitIndices: readonly number[],
  strides: readonly number[] = startIndices.map(() => 1),
): Value {
  return emitter.emit('slice', [operand], { startIndices, limitIndices, strides })[0]!;
}

/** The part [start, limit) of one dimension. */
export function sliceInDim(emitter: Emitter, operand: Value, dimension: number, start: number, limit: number): Value {
  const { shape } = operand.type;
  const starts = shape.map((_, axis) => (axis === dimension ? start : 0));
  const limits = shape.map((size, axis) => (axis === dimension ? limit : size));
  return slice(emitter, operand, starts, limits);
}

export function pad(
  emitter: Emitter,
  operand: Value,
  value: Value,
  low: readonly number[],
  high: readonly number[],
  interior: readonly number[] = low.map(() => 0),
): Value {
  return emitter.emit('pad', [operand, value], { low, high, interior })[0]!;
}

export function concatenate(emitter: Emitter, operands: readonly Value[], dimension: number): Value {
  return operands.length === 1 ? operands[0]! : emitter.emit('concatenate', operands, { dimension })[0]!;
}

export function reverse(emitter: Emitter, operand: Value, dimensions: readonly number[]): Value {
  return dimensions.length === 0 ? operand : emitter.emit('reverse', [operand], { dimensions })[0]!;
}
