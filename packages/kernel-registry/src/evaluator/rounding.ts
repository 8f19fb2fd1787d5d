/**
 * Rounding to each float format, to nearest even. The evaluator holds every float as a float64 number that its dtype
 * can represent; these functions keep that true.
 */

import type { DType } from '../dtype.js';

export type Round = (x: number) => number;

const wide = new Float64Array(1);
const wideWords = new Uint32Array(wide.buffer);
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const highWord = littleEndian ? 1 : 0;

/** A format with `mantissa` explicit bits and normal exponents from `minExponent`. */
function roundTo(x: number, mantissa: number, minExponent: number, maxFinite: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  wide[0] = x;
  const exponent = Math.max(((wideWords[highWord]! >>> 20) & 0x7ff) - 1023, minExponent);
  // Adding 1.5 · 2^(exponent + 52 - mantissa) makes float64's own rounding drop exactly the surplus bits.
  wide[0] = 0;
  wideWords[highWord] = ((exponent + 52 - mantissa + 1023) << 20) | 0x80000;
  const magic = wide[0];
  const rounded = x + magic - magic;
  if (rounded === 0) return x < 0 ? -0 : 0;
  if (Math.abs(rounded) > maxFinite) return x < 0 ? -Infinity : Infinity;
  return rounded;
}

export function roundToFloat16(x: number): number {
  return roundTo(x, 10, -14, 65504);
}

export function roundToBfloat16(x: number): number {
  return roundTo(x, 7, -126, 3.3895313892515355e38);
}

const identity: Round = (x) => x;

/** One rounding from the exact value: what `convert` does. */
export const roundOnce: Readonly<Partial<Record<DType, Round>>> = {
  float16: roundToFloat16,
  bfloat16: roundToBfloat16,
  float32: Math.fround,
  float64: identity,
  complex64: Math.fround,
  complex128: identity,
};

/** The rounding after an arithmetic op: the 16-bit formats compute in float32 and round from there. */
export const roundResult: Readonly<Partial<Record<DType, Round>>> = {
  ...roundOnce,
  float16: (x) => roundToFloat16(Math.fround(x)),
  bfloat16: (x) => roundToBfloat16(Math.fround(x)),
};
