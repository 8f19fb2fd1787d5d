/** Extreme values of dtypes, as reducers start from and `clip` ends at. */

import { type DType, dtypes } from './dtype.js';

/** One element as a JavaScript value: bigint for 64-bit integers, else number; bool is 0 or 1. */
export type Scalar = number | bigint;

/** −∞ for floats, the smallest integer, false. */
export function lowestValue(dtype: DType): Scalar {
  const { kind, bits } = dtypes[dtype];
  if (kind === 'float' || kind === 'complex') return Number.NEGATIVE_INFINITY;
  if (kind !== 'int') return bits === 64 ? 0n : 0;
  return bits === 64 ? -(1n << 63n) : -(2 ** (bits - 1));
}

/** +∞ for floats, the largest integer, true. */
export function highestValue(dtype: DType): Scalar {
  const { kind, bits } = dtypes[dtype];
  if (kind === 'float' || kind === 'complex') return Number.POSITIVE_INFINITY;
  if (bits === 64) return (1n << (kind === 'int' ? 63n : 64n)) - 1n;
  return 2 ** (kind === 'int' ? bits - 1 : bits) - 1;
}
