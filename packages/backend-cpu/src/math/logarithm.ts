/**
 * log of four floats. x = m·2^e with m in [√½, √2); log m = f - f²/2 + f³·P(f) with f = m - 1, P as in Cephes'
 * logf (https://www.netlib.org/cephes/).
 */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { VectorCode } from './vector-code.js';

const logCoefficients = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
];

/** Mantissa in [√½, √2) and exponent of a positive normal number. */
export function split(v: VectorCode, x: Local): { readonly mantissa: Local; readonly exponent: Local } {
  // Counting from √½ makes the exponent field change exactly at √½·2^e.
  const sqrtHalf = 0x3f3504f3;
  const shifted = v.do(op.i32x4Sub, x, v.int(sqrtHalf));
  const exponent = v.shift(op.i32x4ShrS, shifted, 23);
  const mantissa = v.do(op.i32x4Sub, x, v.shift(op.i32x4Shl, exponent, 23));
  return { mantissa, exponent };
}

/** log(1 + f) + e·ln 2 */
export function logOf(v: VectorCode, f: Local, exponent: Local): Local {
  const e = v.do(op.f32x4ConvertI32x4S, exponent);
  const square = v.mul(f, f);
  const cubic = v.mul(v.mul(v.polynomial(f, logCoefficients), square), f);
  const low = v.madd(e, v.float(-2.1219444e-4), cubic);
  const sum = v.add(f, v.nmadd(v.float(0.5), square, low));
  return v.madd(e, v.float(0.693359375), sum);
}

/** The values that no formula gives: -∞ at `pole`, NaN below it, +∞ and NaN themselves. */
export function specialCases(v: VectorCode, x: Local, pole: number, result: Local): Local {
  const atPole = v.choose(v.do(op.f32x4Eq, x, v.float(pole)), v.float(Number.NEGATIVE_INFINITY), result);
  const below = v.choose(v.do(op.f32x4Lt, x, v.float(pole)), v.float(Number.NaN), atPole);
  const ordinary = v.do(op.f32x4Lt, x, v.float(Number.POSITIVE_INFINITY));
  // NaN and +∞: x + x keeps both.
  return v.choose(ordinary, below, v.add(x, x));
}

export function log(v: VectorCode, x: Local): Local {
  const tiny = v.do(op.f32x4Lt, x, v.float(1.1754943508222875e-38));
  const scaled = v.choose(tiny, v.mul(x, v.float(8388608)), x);
  const { mantissa, exponent } = split(v, scaled);
  const corrected = v.do(op.i32x4Sub, exponent, v.do(op.v128And, tiny, v.int(23)));
  return specialCases(v, x, 0, logOf(v, v.sub(mantissa, v.float(1)), corrected));
}
