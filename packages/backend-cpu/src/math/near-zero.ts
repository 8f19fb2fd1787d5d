/** expm1 and log1p of four floats: what keeps its digits near zero. Late parts. */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/late-op.js';
import { clamp, expCoefficients, reduce } from './exponential.js';
import { logOf, specialCases, split } from './logarithm.js';
import type { VectorCode } from './vector-code.js';

/** (2^n·(exp(r) - 1) + (2^n - 2^-n))·2^n with x = 2n·ln 2 + r: no digit is lost where n is 0. */
export function expm1(v: VectorCode, x: Local): Local {
  const { rest, scale } = reduce(v, clamp(v, x), 2);
  const minusOne = v.madd(v.mul(rest, rest), v.polynomial(rest, expCoefficients), rest);
  const inverse = v.do(op.i32x4Sub, v.int(254 << 23), scale);
  const result = v.mul(v.madd(minusOne, scale, v.sub(scale, inverse)), scale);
  // Keeps the sign of zero; that of other results is x's anyway.
  return v.do(op.v128Or, result, v.do(op.v128And, x, v.int(-0x80000000)));
}

/** log(u) with u = 1 + x, and what the rounding of u lost put back into f. */
export function log1p(v: VectorCode, x: Local): Local {
  const finite = v.do(op.f32x4Pmin, x, v.float(3.4028234663852886e38));
  const u = v.add(finite, v.float(1));
  const { mantissa, exponent } = split(v, u);
  const lost = v.sub(finite, v.sub(u, v.float(1)));
  const largest = v.do(op.i32x4MinS, exponent, v.int(126));
  const scale = v.shift(op.i32x4Shl, v.do(op.i32x4Sub, v.int(127), largest), 23);
  const f = v.add(v.sub(mantissa, v.float(1)), v.mul(lost, scale));
  const result = specialCases(v, x, -1, logOf(v, f, exponent));
  return v.choose(v.do(op.f32x4Eq, x, v.float(0)), x, result);
}
