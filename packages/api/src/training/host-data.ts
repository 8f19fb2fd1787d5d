/** Data on the host, ready to be cut into batches. */

import { isTensor, type NestedArray, type Tensor, tensor } from '@ceratops/core';
import { CeratopsError, type DType, dtypes, type HostArray, type Shape, sizeOf } from '@ceratops/kernel-registry';

/** A dense array in host memory. A class, so that trees see a leaf. */
export class HostTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: HostArray;

  constructor(dtype: DType, shape: Shape, data: HostArray) {
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }
}

/** The dtype of each typed array. */
const dtypeOf: { readonly [name: string]: DType } = {
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Int8Array: 'int8',
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  BigInt64Array: 'int64',
  BigUint64Array: 'uint64',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

export function isTypedArray(value: unknown): value is HostArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * Reads any array-like into host memory. A tensor is waited for.
 * @param flatShape the shape of a flat typed array.
 */
export async function toHost(value: unknown, what: string, flatShape: (length: number) => Shape): Promise<HostTensor> {
  if (isTensor(value)) return new HostTensor(value.dtype, value.shape, await value.data());
  if (isTypedArray(value)) return typed(value, what, flatShape(value.length));
  if (Array.isArray(value)) return nested(value as NestedArray, what);
  throw new CeratopsError('INVALID_ARGUMENT', 'not data', {
    subject: what,
    expected: 'a tensor, a typed array or nested arrays of numbers',
    received: value === null ? 'null' : typeof value,
  });
}

function typed(value: HostArray, what: string, shape: Shape): HostTensor {
  const dtype = dtypeOf[value.constructor.name];
  if (dtype === undefined)
    throw new CeratopsError('DTYPE_MISMATCH', 'unknown typed array', {
      subject: what,
      received: value.constructor.name,
    });
  if (sizeOf(shape) !== value.length) {
    throw new CeratopsError('SHAPE_MISMATCH', 'the length does not fit', {
      subject: what,
      expected: `a multiple of ${sizeOf(shape.slice(1))} numbers (shape (${shape.slice(1).join(', ')}) per sample)`,
      received: `${value.length} numbers`,
    });
  }
  return new HostTensor(dtype, shape, value);
}

function nested(value: NestedArray, what: string): HostTensor {
  const shape: number[] = [];
  for (let level: unknown = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const size = sizeOf(shape);
  let first: unknown = value;
  while (Array.isArray(first)) first = first[0];
  const dtype: DType = typeof first === 'boolean' ? 'bool' : typeof first === 'bigint' ? 'int64' : 'float32';
  const data = new dtypes[dtype].host(size);
  let next = 0;
  const fill = (level: unknown, depth: number): void => {
    if (!Array.isArray(level)) {
      if (depth !== shape.length || typeof level !== typeof first) throw ragged(what);
      data[next++] = level as never;
      return;
    }
    if (level.length !== shape[depth]) throw ragged(what);
    for (const item of level) fill(item, depth + 1);
  };
  fill(value, 0);
  return new HostTensor(dtype, shape, data);
}

function ragged(what: string): CeratopsError {
  return new CeratopsError('SHAPE_MISMATCH', 'nested arrays of different lengths or kinds', {
    subject: what,
    expected: 'the same shape everywhere',
  });
}

/** Rows `start` to `stop`, without copying. */
export function sliceRows({ dtype, shape, data }: HostTensor, start: number, stop: number): HostTensor {
  const row = rowElements(dtype, shape);
  return new HostTensor(dtype, [stop - start, ...shape.slice(1)], data.subarray(start * row, stop * row) as HostArray);
}

/** The rows at `indices`, copied together. */
export function gatherRows({ dtype, shape, data }: HostTensor, indices: ArrayLike<number>): HostTensor {
  const row = rowElements(dtype, shape);
  const Host = dtypes[dtype].host;
  const gathered = new Host(indices.length * row);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * row;
    gathered.set(data.subarray(from, from + row) as never, i * row);
  }
  return new HostTensor(dtype, [indices.length, ...shape.slice(1)], gathered);
}

function rowElements(dtype: DType, shape: Shape): number {
  return sizeOf(shape.slice(1)) * dtypes[dtype].hostElements;
}

/** On the device. */
export function upload({ dtype, shape, data }: HostTensor): Tensor {
  return tensor(data, { shape, dtype });
}
