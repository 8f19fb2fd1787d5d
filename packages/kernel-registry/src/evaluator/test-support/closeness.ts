/** How far results may lie from the expected values of a StableHLO check, in one table. */

import { type DType, type HostArray, isComplex } from '../../dtype.js';
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

export interface Tolerance {
  /** Units in the last place of the dtype. */
  readonly ulps: number;
  /** A plain difference that also passes. */
  readonly difference: number;
}

/** What each check of StableHLO's own test suite allows (its interpreter uses 3 ulp and 1e-3). */
export const tolerances: Readonly<Record<Check, Tolerance>> = {
  expect_eq: { ulps: 0, difference: 0 },
  expect_close: { ulps: 3, difference: 0 },
  expect_almost_eq: { ulps: 3, difference: 1e-3 },
};

/**
 * Vectors whose expected values are less exact than the evaluator's: they were computed in float32 by formulas that
 * magnify its rounding. The exact values, in float64, lie as far from them.
 */
export const inexactVectors: Readonly<Record<string, Tolerance>> = {
  // exp(x + log ½) + exp(-x + log ½): the sum's rounding is an error of the exponent.
  'cosh_float32_20_20_chlo.mlir': { ulps: 5, difference: 0 },
  // exp(y · log x): an error of about |y · log x| ulp.
  'pow_complex64_20_30_complex64_20_30.mlir': { ulps: 24, difference: 1e-3 },
};

/** The element, both parts of a complex one, or the whole tensor: what the last place belongs to. */
export type Scale = 'element' | 'tensor';

/**
 * The ops whose expected values are sums added up in the dtype itself: where terms cancel, their error is that of the
 * terms and not of the small result, so it is measured against the largest element of the tensor. (The evaluator adds
 * in float64.)
 */
export const summing: ReadonlySet<string> = new Set([
  'dot_general',
  'convolution',
  'fft',
  'cholesky',
  'triangular_solve',
]);

function decode(dtype: DType, data: HostArray): ArrayLike<number | bigint> {
  if (dtype === 'float16') return Array.from(data as Uint16Array, decodeFloat16);
  if (dtype === 'bfloat16') return Array.from(data as Uint16Array, decodeBfloat16);
  return data as ArrayLike<number | bigint>;
}

function ulpOf(value: number, { mantissa, minExponent }: Format): number {
  const exponent = value === 0 ? minExponent : Math.max(Math.floor(Math.log2(Math.abs(value))), minExponent);
  return 2 ** (exponent - mantissa);
}

/** The magnitude whose last place element `i` is measured in. */
function magnitudeAt(values: ArrayLike<number | bigint>, i: number, dtype: DType, largest: number | undefined): number {
  if (largest !== undefined) return largest;
  const own = Math.abs(Number(values[i]));
  // One part of a complex product or quotient is rounded from terms as large as the other part.
  if (!isComplex(dtype)) return own;
  const other = Math.abs(Number(values[i ^ 1]));
  return Number.isFinite(other) ? Math.max(own, other) : own;
}

function largestOf(values: ArrayLike<number | bigint>): number {
  return Array.from(values, (value) => Math.abs(Number(value)))
    .filter(Number.isFinite)
    .reduce((largest, value) => Math.max(largest, value), 0);
}

/** Undefined when `actual` passes, else what is wrong with the worst element. Two NaNs are equal, and so are ±0. */
export function mismatch(
  dtype: DType,
  { ulps, difference }: Tolerance,
  actual: HostArray,
  expected: HostArray,
  scale: Scale = 'element',
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} elements instead of ${expected.length}`;
  const [a, b] = [decode(dtype, actual), decode(dtype, expected)];
  const format = formats[dtype];
  const largest = scale === 'tensor' ? largestOf(b) : undefined;
  let worst = 0;
  let message: string | undefined;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i] || (Number.isNaN(a[i]) && Number.isNaN(b[i]))) continue;
    const delta = Math.abs(Number(a[i]) - Number(b[i]));
    const comparable = format !== undefined && Number.isFinite(delta);
    const distance = comparable ? delta / ulpOf(magnitudeAt(b, i, dtype, largest), format) : Infinity;
    if (distance <= ulps || delta <= difference || distance <= worst) continue;
    worst = distance;
    message = `element ${i} of ${dtype}: ${a[i]} instead of ${b[i]}, ${distance} ulp`;
  }
  return message;
}
