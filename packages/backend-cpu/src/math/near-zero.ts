/** expm1, log1p and tanh of four floats: what keeps its digits near zero. Late parts. */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/late-op.js';
import { exp, reduce } from './exponential.js';
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

const tanhCoefficients = [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1];

/** An odd polynomial below 0.625, 1 - 2 / (exp(2|x|) + 1) above. */
export function tanh(v: VectorCode, x: Local): Local {
  const magnitude = v.do(op.f32x4Abs, x);
  const square = v.mul(x, x);
  const small = v.madd(v.mul(v.polynomial(square, tanhCoefficients), square), x, x);
  const exponential = exp(v, v.add(magnitude, magnitude));
  const large = v.sub(v.float(1), v.do(op.f32x4Div, v.float(2), v.add(exponential, v.float(1))));
  const signed = v.choose(v.int(-0x80000000), x, large);
  return v.choose(v.do(op.f32x4Lt, magnitude, v.float(0.625)), small, signed);
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
