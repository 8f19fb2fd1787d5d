/** Elements in host arrays as loop IR's scalars. */

import {
  type DType,
  decodeBfloat16,
  decodeFloat16,
  encodeBfloat16,
  encodeFloat16,
  type HostArray,
} from '@ceratops/kernel-registry';

type Scalar = number | bigint;

export function decodeElement(dtype: DType, raw: Scalar): Scalar {
  if (dtype === 'float16') return decodeFloat16(Number(raw));
  return dtype === 'bfloat16' ? decodeBfloat16(Number(raw)) : raw;
}

export function encodeElement(dtype: DType, value: Scalar): Scalar {
  if (dtype === 'float16') return encodeFloat16(Number(value));
  return dtype === 'bfloat16' ? encodeBfloat16(Number(value)) : value;
}

/** @throws RangeError outside the array: no plan may do that. */
export function loadElement(array: HostArray, dtype: DType, index: number): Scalar {
  const raw = array[index];
  if (raw === undefined) throw new RangeError(`load of element ${index} of ${array.length}`);
  return decodeElement(dtype, raw);
}

export function storeElement(array: HostArray, dtype: DType, index: number, value: Scalar): void {
  if (!(index >= 0 && index < array.length)) throw new RangeError(`store to element ${index} of ${array.length}`);
  array[index] = encodeElement(dtype, value);
}
