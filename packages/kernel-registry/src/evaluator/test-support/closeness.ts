/** How far results may lie from the expected values of a StableHLO check, in one table. */

import { type DType, dtypes, type HostArray } from '../../dtype.js';
import { decodeBfloat16, decodeFloat16 } from '../../half.js';

interface Format {
  readonly mantissa: number;
  readonly minExponent: number;
}

/** Explicit mantissa bits and smallest normal exponent of each float, and of the parts of each complex dtype. */
const formats: Readonly<Partial<Record<DType, Format>>> = {
  float16: { mantissa: 10, minExponent: -14 },
  bfloat16: { mantissa: 7, minExponent: -126 },
  float32: { mantissa: 23, minExponent: -126 },
  float64: { mantissa: 52, minExponent: -1022 },
  complex64: { mantissa: 23, minExponent: -126 },
  complex128: { mantissa: 52, minExponent: -1022 },
};

export type Check = 'expect_eq' | 'expect_close' | 'expect_almost_eq';

/** The distance that each check of StableHLO's own test suite allows: units in the last place, or a plain difference. */
const allowed: Readonly<Record<Check, { readonly ulps: number; readonly difference: number }>> = {
  expect_eq: { ulps: 0, difference: 0 },
  expect_close: { ulps: 3, difference: 0 },
  expect_almost_eq: { ulps: 3, difference: 1e-3 },
};

function decode(dtype: DType, data: HostArray): ArrayLike<number | bigint> {
  if (dtype === 'float16') return Array.from(data as Uint16Array, decodeFloat16);
  if (dtype === 'bfloat16') return Array.from(data as Uint16Array, decodeBfloat16);
  return data as ArrayLike<number | bigint>;
}

function ulpOf(value: number, { mantissa, minExponent }: Format): number {
  const exponent = value === 0 ? minExponent : Math.max(Math.floor(Math.log2(Math.abs(value))), minExponent);
  return 2 ** (exponent - mantissa);
}

/** In units in the last place of the larger value; 0 for equal values and for two NaNs, infinite for one NaN. */
function ulpDistance(a: number, b: number, format: Format): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
  return Math.abs(a - b) / ulpOf(Math.max(Math.abs(a), Math.abs(b)), format);
}

/** Undefined when `actual` passes, else what is wrong with the worst element. */
export function mismatch(dtype: DType, check: Check, actual: HostArray, expected: HostArray): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} elements instead of ${expected.length}`;
  const [a, b] = [decode(dtype, actual), decode(dtype, expected)];
  const format = formats[dtype];
  const { ulps, difference } = allowed[check];
  let worst = 0;
  let message: string | undefined;
  for (let i = 0; i < a.length; i++) {
    const distance = format ? ulpDistance(a[i] as number, b[i] as number, format) : a[i] === b[i] ? 0 : Infinity;
    const near = difference > 0 && Math.abs(Number(a[i]) - Number(b[i])) <= difference;
    if (distance <= ulps || near || distance <= worst) continue;
    worst = distance;
    message = `element ${i} of ${dtypes[dtype].name}: ${a[i]} instead of ${b[i]}, ${distance} ulp`;
  }
  return message;
}
