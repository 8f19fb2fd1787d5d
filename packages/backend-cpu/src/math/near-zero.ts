/** expm1 and log1p of four floats: what keeps its digits near zero. Late parts. */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/late-op.js';
import { reduce } from './exponential.js';
import { logOf, specialCases, split } from './logarithm.js';
import type { VectorCode } from './vector-code.js';

/** (2^h·(e^r - 1) + (2^h - 2^-o))·2^o with n = h + o: no digit is lost where n is 0. */
export function expm1(v: VectorCode, x: Local): Local {
  const { minusOne, half, otherHalf } = reduce(v, x);
  const rest = v.sub(half, v.do(op.f32x4Div, v.float(1), otherHalf));
  const result = v.mul(v.madd(minusOne, half, rest), otherHalf);
  // Keeps the sign of zero.
  return v.choose(v.do(op.f32x4Eq, x, v.float(0)), x, result);
}

/** log(u) with u = 1 + x, and what the rounding of u lost put back into f. */
export function log1p(v: VectorCode, x: Local): Local {
  const u = v.add(x, v.float(1));
  const { mantissa, exponent } = split(v, u);
  const lost = v.sub(x, v.sub(u, v.float(1)));
  const largest = v.do(op.i32x4MinS, exponent, v.int(126));
  const scale = v.powerOfTwo(v.do(op.i32x4Sub, v.int(0), largest));
  const f = v.add(v.sub(mantissa, v.float(1)), v.mul(lost, scale));
  const result = specialCases(v, x, -1, logOf(v, f, exponent));
  return v.choose(v.do(op.f32x4Eq, x, v.float(0)), x, result);
}
