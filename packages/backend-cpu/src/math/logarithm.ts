/**
 * log of four floats. x = m·2^e with m in [√½, √2); log m = f + f²·P(f) with f = m - 1.
 */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import { ln2High, ln2Low } from './exponential.js';
import type { VectorCode } from './vector-code.js';

/** Our own minimax fit, 0.04 ULP. */
const logCoefficients = [
  -0.0762447715, 0.12914443, -0.132470623, 0.141806066, -0.166084543, 0.200020134, -0.250016093, 0.333333254,
  -0.499999881,
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
  const low = v.madd(e, v.float(ln2Low), f);
  return v.madd(e, v.float(ln2High), v.madd(v.mul(f, f), v.polynomial(f, logCoefficients), low));
}

/** The values that no formula gives, whose result here is any number: -∞ at `pole`, NaN below it, +∞ and NaN themselves. */
export function specialCases(v: VectorCode, x: Local, pole: number, result: Local): Local {
  const isPole = v.do(op.f32x4Eq, x, v.float(pole));
  const atPole = v.add(result, v.do(op.v128And, isPole, v.float(Number.NEGATIVE_INFINITY)));
  // A mask is a NaN.
  const below = v.do(op.v128Or, atPole, v.do(op.f32x4Lt, x, v.float(pole)));
  const isOrdinary = v.do(op.f32x4Lt, x, v.float(Number.POSITIVE_INFINITY));
  return v.add(below, v.do(op.v128Andnot, x, isOrdinary));
}

export function log(v: VectorCode, x: Local): Local {
  const tiny = v.do(op.f32x4Lt, x, v.float(1.1754943508222875e-38));
  const scaled = v.choose(tiny, v.mul(x, v.float(8388608)), x);
  const { mantissa, exponent } = split(v, scaled);
  const corrected = v.do(op.i32x4Sub, exponent, v.do(op.v128And, tiny, v.int(23)));
  return specialCases(v, x, 0, logOf(v, v.sub(mantissa, v.float(1)), corrected));
}
