import { type DType, dtypes } from './dtype.js';

/** Non-negative static sizes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** How a value lies across a mesh, in Shardy's form; a single-device backend ignores it. */
export interface Sharding {
  readonly mesh: string;
  /** Per dimension, the mesh axes it is split over. */
  readonly dimensions: readonly (readonly string[])[];
}

/** The type of one value: dtype, static shape, optional sharding. Buffers of it are dense and row-major. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly sharding?: Sharding | undefined;
}

export function tensorType(dtype: DType, shape: Shape): TensorType {
  return { dtype, shape };
}

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

export function byteSizeOf(type: TensorType): number {
  return sizeOf(type.shape) * dtypes[type.dtype].bytes;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function sameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

/** `float32[2,3]`, the form used in every error and printout. */
export function formatType(type: TensorType): string {
  return `${type.dtype}[${type.shape.join(',')}]`;
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}
