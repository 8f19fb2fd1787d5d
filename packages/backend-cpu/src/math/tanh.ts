/**
 * tanh of four floats, (1 - e) / (1 + e) with e = exp(-2|x|). Numerator and denominator have one rounding each after exp(r) - 1,
 * where -2|x| = n·ln 2 + r.
 */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import { reduce } from './exponential.js';
import type { VectorCode } from './vector-code.js';

/** Our own minimax fit, 0.12 ULP. */
const minusOneCoefficients = [0.00137058238, 0.00836945325, 0.041670613, 0.166665092, 0.499999821];

/** exp(r) - 1 = r + r²·P(r) for |r| ≤ ln 2 / 2. */
export function minusOneOf(v: VectorCode, r: Local): Local {
  return v.madd(v.mul(r, r), v.polynomial(r, minusOneCoefficients), r);
}

export function tanh(v: VectorCode, x: Local): Local {
  const sign = v.int(-0x80000000);
  // From |x| = 9.02 on tanh is 1.
  const clamped = v.do(op.f32x4Pmax, v.do(op.v128Or, x, sign), v.float(-9.02));
  const { rest, scale: half } = reduce(v, v.add(clamped, clamped), 1, 126);
  const minusOne = minusOneOf(v, rest);
  const numerator = v.nmadd(half, minusOne, v.sub(v.float(0.5), half));
  const denominator = v.madd(half, minusOne, v.add(v.float(0.5), half));
  return v.do(op.v128Or, v.do(op.f32x4Div, numerator, denominator), v.do(op.v128And, x, sign));
}
