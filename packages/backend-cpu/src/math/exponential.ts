/**
 * exp, expm1 and tanh of four floats. x = n·ln 2 + r with |r| ≤ ln 2 / 2; exp(r) = 1 + r + r²·P(r), P as in Cephes' expf
 * (https://www.netlib.org/cephes/). Scaling by 2^n goes in two halves, so that results below the normal range round once.
 */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { VectorCode } from './vector-code.js';

const expCoefficients = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
];
/** ln 2 in two parts; products of the first with |n| ≤ 150 are exact. */
const ln2High = 0.693359375;
const ln2Low = -2.1219444e-4;

interface Reduced {
  /** exp(r) - 1 */
  readonly minusOne: Local;
  readonly half: Local;
  readonly otherHalf: Local;
}

function reduce(v: VectorCode, x: Local): Reduced {
  const clamped = v.do(op.f32x4Min, v.do(op.f32x4Max, x, v.float(-104)), v.float(89));
  const n = v.do(op.f32x4Nearest, v.mul(clamped, v.float(Math.LOG2E)));
  const r = v.nmadd(n, v.float(ln2Low), v.nmadd(n, v.float(ln2High), clamped));
  const square = v.mul(r, r);
  const minusOne = v.madd(square, v.polynomial(r, expCoefficients), r);
  const integer = v.do(op.i32x4TruncSatF32x4S, n);
  const halfInteger = v.shift(op.i32x4ShrS, integer, 1);
  const half = v.powerOfTwo(halfInteger);
  const otherHalf = v.powerOfTwo(v.do(op.i32x4Sub, integer, halfInteger));
  return { minusOne, half, otherHalf };
}

export function exp(v: VectorCode, x: Local): Local {
  const { minusOne, half, otherHalf } = reduce(v, x);
  return v.mul(v.mul(v.add(minusOne, v.float(1)), half), otherHalf);
}

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
