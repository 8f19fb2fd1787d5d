import { type DType, dtypes, type HostArray } from './dtype.js';
import { decodeBfloat16, decodeFloat16, encodeBfloat16, encodeFloat16 } from './half.js';
import type { Scalar } from './limits.js';
import { sizeOf, type TensorType } from './tensor-type.js';

/**
 * A constant value. `data` holds the whole tensor in row-major order, or one element (two host elements for complex)
 * that fills it: a splat.
 */
export interface Literal {
  readonly type: TensorType;
  readonly data: HostArray;
}

export function isSplat(literal: Literal): boolean {
  return literal.data.length === dtypes[literal.type.dtype].hostElements;
}

/** The dense elements of a literal; a splat is expanded. */
export function expandLiteral({ type, data }: Literal): HostArray {
  const { host, hostElements } = dtypes[type.dtype];
  const length = sizeOf(type.shape) * hostElements;
  if (data.length === length) return data;
  const dense = new host(length);
  for (let i = 0; i < length; i++) dense[i] = data[i % hostElements]!;
  return dense;
}

/** Writes one scalar as the host elements of a dtype: float16 and bfloat16 as bits, complex with a zero imaginary part. */
export function encodeScalar(dtype: DType, value: Scalar | boolean): HostArray {
  const { host, hostElements } = dtypes[dtype];
  const data = new host(hostElements);
  data[0] = encodeElement(dtype, value);
  return data;
}

function encodeElement(dtype: DType, value: Scalar | boolean): Scalar {
  if (dtype === 'int64' || dtype === 'uint64') return BigInt(value);
  const number = Number(value);
  if (dtype === 'float16') return encodeFloat16(number);
  if (dtype === 'bfloat16') return encodeBfloat16(number);
  return dtype === 'bool' ? Number(number !== 0) : number;
}

/** A tensor filled with one value. */
export function splat(type: TensorType, value: Scalar | boolean): Literal {
  return { type, data: encodeScalar(type.dtype, value) };
}

/** The value that fills a literal, or undefined when its elements differ, are several or complex. */
export function splatValue({ type, data }: Literal): Scalar | undefined {
  if (data.length !== 1) return undefined;
  const element = data[0]!;
  if (type.dtype === 'float16') return decodeFloat16(element as number);
  return type.dtype === 'bfloat16' ? decodeBfloat16(element as number) : element;
}
