/** Values as the evaluator holds them, and the way in from and out to host arrays. */

import { type DType, dtypes, type HostArray, isComplex, isFloating } from '../dtype.js';
import { CeratopsError } from '../errors.js';
import { decodeBfloat16, decodeFloat16, encodeBfloat16, encodeFloat16 } from '../half.js';
import { formatType, sizeOf, type TensorType } from '../tensor-type.js';

/** Any host array, seen as indexed cells. */
export interface Cells {
  readonly length: number;
  [index: number]: number | bigint;
}

/**
 * A value. Integers and bools lie in their host arrays; floats and complex numbers (interleaved pairs) lie in a
 * Float64Array whose numbers the dtype can represent (unless floats are widened).
 */
export interface Tensor {
  readonly type: TensorType;
  readonly data: Cells;
}

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** One element: bool and small integers and floats are numbers, 64-bit integers bigints. */
export type Scalar = number | bigint | Complex;

function holdsFloat64(dtype: DType): boolean {
  return isFloating(dtype) || isComplex(dtype);
}

export function createTensor(type: TensorType): Tensor {
  const { host, hostElements } = dtypes[type.dtype];
  const length = sizeOf(type.shape) * hostElements;
  return { type, data: holdsFloat64(type.dtype) ? new Float64Array(length) : new host(length) };
}

/** The same elements under another type of the same size and dtype. */
export function viewAs(tensor: Tensor, type: TensorType): Tensor {
  return { type, data: tensor.data };
}

export function readerOf({ type, data }: Tensor): (index: number) => Scalar {
  if (isComplex(type.dtype)) {
    const pairs = data as Float64Array;
    return (index) => ({ re: pairs[2 * index]!, im: pairs[2 * index + 1]! });
  }
  return (index) => data[index]!;
}

export function writerOf({ type, data }: Tensor): (index: number, value: Scalar) => void {
  if (isComplex(type.dtype)) {
    return (index, value) => {
      const { re, im } = value as Complex;
      data[2 * index] = re;
      data[2 * index + 1] = im;
    };
  }
  return (index, value) => {
    data[index] = value as number;
  };
}

export function scalarTensor(type: TensorType, value: Scalar): Tensor {
  const tensor = createTensor(type);
  writerOf(tensor)(0, value);
  return tensor;
}

/** The value of a scalar integer or bool tensor. */
export function integerAt(tensor: Tensor, index = 0): number {
  return Number(tensor.data[index]!);
}

type BitCodec = readonly [decode: (bits: number) => number, encode: (x: number) => number];

const bitCodecs: Readonly<Partial<Record<DType, BitCodec>>> = {
  float16: [decodeFloat16, encodeFloat16],
  bfloat16: [decodeBfloat16, encodeBfloat16],
};

/**
 * Takes a host array in. A Float64Array is accepted for every float and complex dtype (the wide form).
 * @throws CeratopsError INVALID_ARGUMENT when the array is not that of the type.
 */
export function fromHost(type: TensorType, host: HostArray): Tensor {
  const row = dtypes[type.dtype];
  const length = sizeOf(type.shape) * row.hostElements;
  const wide = holdsFloat64(type.dtype) && host instanceof Float64Array;
  if (host.length !== length || !(wide || host instanceof row.host)) {
    throw new CeratopsError('INVALID_ARGUMENT', 'the data does not fit the type', {
      subject: formatType(type),
      expected: `${row.host.name} of ${length}`,
      received: `${host.constructor.name} of ${host.length}`,
    });
  }
  const tensor = createTensor(type);
  const decode = wide ? undefined : bitCodecs[type.dtype]?.[0];
  const source: Cells = host;
  for (let i = 0; i < length; i++) tensor.data[i] = decode ? decode(source[i] as number) : source[i]!;
  return tensor;
}

/** A fresh host array of the dtype's own form. */
export function toHost({ type, data }: Tensor): HostArray {
  const host = new dtypes[type.dtype].host(data.length);
  const cells: Cells = host;
  const encode = bitCodecs[type.dtype]?.[1];
  for (let i = 0; i < data.length; i++) cells[i] = encode ? encode(data[i] as number) : data[i]!;
  return host;
}

/** As `toHost`, but floats and complex numbers stay float64. */
export function toWideHost(tensor: Tensor): HostArray {
  return holdsFloat64(tensor.type.dtype) ? Float64Array.from(tensor.data as Float64Array) : toHost(tensor);
}
