/** Data on the host, ready to be cut into batches. */

import { isTensor, type NestedArray, type Tensor, tensor } from '@ceratops/core';
import { CeratopsError, type DType, dtypes, type HostArray, type Shape, sizeOf } from '@ceratops/kernel-registry';
import { show } from '../engine/show.js';

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
 * Reads any array-like into host memory. A tensor is waited for; typed arrays may be the rows of a nested array.
 * @param flatShape the shape of a flat typed array.
 * @throws INVALID_ARGUMENT for what is not numbers, SHAPE_MISMATCH for rows of different lengths; both say where.
 */
export async function toHost(value: unknown, what: string, flatShape: (length: number) => Shape): Promise<HostTensor> {
  if (isTensor(value)) return new HostTensor(value.dtype, value.shape, await value.data());
  if (isTypedArray(value)) return new HostTensor(dtypeOfArray(value, what), flatShape(value.length), value);
  if (Array.isArray(value)) return nested(value as NestedArray, what);
  throw notData(value, what);
}

function notData(value: unknown, where: string): CeratopsError {
  return new CeratopsError('INVALID_ARGUMENT', 'not data', {
    subject: where,
    expected: 'a tensor, a typed array or nested arrays of numbers',
    received: show(value),
    remedy: isTensor(value) ? 'join a list of tensors with ops.stack(list)' : undefined,
  });
}

function dtypeOfArray(value: HostArray, what: string): DType {
  const dtype = dtypeOf[value.constructor.name];
  if (dtype !== undefined) return dtype;
  throw new CeratopsError('DTYPE_MISMATCH', 'unknown typed array', {
    subject: what,
    expected: Object.keys(dtypeOf).join(', '),
    received: value.constructor.name,
  });
}

function nested(value: NestedArray, what: string): HostTensor {
  const shape: number[] = [];
  let first: unknown = value;
  for (; Array.isArray(first) || isTypedArray(first); first = first[0]) shape.push(first.length);
  const dtype: DType = typeof first === 'boolean' ? 'bool' : typeof first === 'bigint' ? 'int64' : 'float32';
  const data = new dtypes[dtype].host(sizeOf(shape));
  let next = 0;
  const fill = (level: unknown, depth: number, where: string): void => {
    const isRow = Array.isArray(level) || isTypedArray(level);
    if (isRow !== depth < shape.length || (isRow && level.length !== shape[depth])) {
      throw isRow || isElement(level) ? ragged(where, shape.slice(depth), level) : notData(level, where);
    }
    if (isTypedArray(level) && typeof level[0] === typeof first) {
      data.set(level as never, next);
      next += level.length;
    } else if (isRow) {
      for (let i = 0; i < level.length; i++) fill(level[i], depth + 1, `${where}[${i}]`);
    } else if (typeof level === typeof first && isElement(level)) data[next++] = level as never;
    else throw isElement(level) ? mixed(where, typeof first, typeof level) : notData(level, where);
  };
  fill(value, 0, what);
  return new HostTensor(dtype, shape, data);
}

function isElement(value: unknown): boolean {
  return ['number', 'bigint', 'boolean'].includes(typeof value);
}

function ragged(where: string, expected: Shape, received: unknown): CeratopsError {
  const [length] = expected;
  return new CeratopsError('SHAPE_MISMATCH', 'nested arrays of different lengths', {
    subject: where,
    expected: length === undefined ? 'a number, as in the other places' : `an array of ${length}, as in the other rows`,
    received: Array.isArray(received) || isTypedArray(received) ? `an array of ${received.length}` : show(received),
  });
}

function mixed(where: string, expected: string, received: string): CeratopsError {
  return new CeratopsError('DTYPE_MISMATCH', 'elements of different kinds', { subject: where, expected, received });
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
