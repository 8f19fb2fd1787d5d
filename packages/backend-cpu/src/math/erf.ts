/**
 * erf of four floats, 1 - exp(y) with y = m + m·P(m) = ln erfc(-m), m = -|x|. Near zero, where 1 - exp(y) would lose digits, it is
 * -(exp(y) - 1), which is what the reduced exponential is built of.
 */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/late-op.js';
import { reduce } from './exponential.js';
import { minusOneOf } from './tanh.js';
import type { VectorCode } from './vector-code.js';

/** Our own minimax fit of ln erfc(-m) / m - 1, 0.1 ULP of erf. */
const coefficients = [
  -1.05134013e-5, -0.000128923421, -0.000672301219, -0.00173572381, -0.000223308249, 0.0191236306, 0.102771439,
  -0.636619866, 0.128379166,
];

export function erf(v: VectorCode, x: Local): Local {
  // From 3.925 on erf is 1.
  const sign = v.int(-0x80000000);
  const m = v.do(op.f32x4Pmax, v.do(op.v128Or, x, sign), v.float(-3.925));
  const y = v.madd(m, v.polynomial(m, coefficients), m);
  const { rest, scale } = reduce(v, y, 1);
  const result = v.nmadd(scale, minusOneOf(v, rest), v.sub(v.float(1), scale));
  return v.do(op.v128Or, result, v.do(op.v128And, x, sign));
}
