/** Ops that make constants or move elements. */
import {
  type DType,
  encodeScalar,
  type HostArray,
  type Scalar,
  type Shape,
  type TensorType,
  tensorType,
} from '@ceratops/kernel-registry';
import { operationOf } from '../graph/operation.js';
import type { Tensor } from '../tensor/tensor.js';
import { apply, apply1, nodeOf } from './apply.js';

/** A literal of the program: one value that fills the type, or all elements. A new value is a new program. */
export function constant(value: Scalar | boolean | HostArray, type: TensorType): Tensor {
  const data = typeof value === 'object' ? value.slice() : encodeScalar(type.dtype, value);
  return apply(operationOf('constant', { value: { type: plainType(type), data } }), []);
}

/** A tensor may stand for its type. */
function plainType({ dtype, shape }: TensorType): TensorType {
  return tensorType(dtype, shape);
}

/** Counts 0, 1, 2, … along a dimension. */
export function iota(type: TensorType, dimension: number): Tensor {
  return apply(operationOf('iota', { type: plainType(type), dimension }), []);
}

/** The same elements in row-major order under another shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return apply1(operationOf('reshape', { shape }), x);
}

/** Dimension `i` of `x` becomes dimension `broadcastDimensions[i]` of the result; size 1 stretches. */
export function broadcastInDim(x: Tensor, shape: Shape, broadcastDimensions: readonly number[]): Tensor {
  return apply1(operationOf('broadcast_in_dim', { shape, broadcastDimensions }), x);
}

/** Broadcasts as NumPy does: dimensions align at the end. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  const own = x.shape;
  if (own.length === shape.length && own.every((size, i) => size === shape[i])) return x;
  const offset = shape.length - own.length;
  return broadcastInDim(
    x,
    shape,
    own.map((_, i) => i + offset),
  );
}

/** Dimension `i` of the result is dimension `permutation[i]` of `x`. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  return apply1(operationOf('transpose', { permutation }), x);
}

export function slice(
  x: Tensor,
  start: readonly number[],
  limit: readonly number[],
  strides?: readonly number[],
): Tensor {
  const attributes = { startIndices: start, limitIndices: limit, strides: strides ?? start.map(() => 1) };
  return apply1(operationOf('slice', attributes), x);
}

/** Pads with a scalar; negative sizes crop, `interior` goes between elements. */
export function pad(
  x: Tensor,
  value: Tensor,
  low: readonly number[],
  high: readonly number[],
  interior: readonly number[] = low.map(() => 0),
): Tensor {
  return apply(operationOf('pad', { low, high, interior }), [nodeOf(x), nodeOf(value)]);
}

export function concatenate(xs: readonly Tensor[], dimension: number): Tensor {
  return apply(operationOf('concatenate', { dimension }), xs.map(nodeOf));
}

export function reverse(x: Tensor, dimensions: readonly number[]): Tensor {
  return apply1(operationOf('reverse', { dimensions }), x);
}

/** A scalar constant; the dtype's own form of 0, 1, ±∞, …. */
export function scalar(value: Scalar | boolean, dtype: DType): Tensor {
  return constant(value, { dtype, shape: [] });
}
