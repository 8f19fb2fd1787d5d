/**
 * exp of four floats. x = n·ln 2 + r with |r| ≤ ln 2 / 2; exp(r) = 1 + r + r²·P(r), P as in Cephes' expf
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

/** exp(x - n·ln 2) - 1 */
export function expOfReduced(v: VectorCode, x: Local, n: Local): Local {
  const r = v.nmadd(n, v.float(ln2Low), v.nmadd(n, v.float(ln2High), x));
  return v.madd(v.mul(r, r), v.polynomial(r, expCoefficients), r);
}

export function reduce(v: VectorCode, x: Local): Reduced {
  const clamped = v.do(op.f32x4Min, v.do(op.f32x4Max, x, v.float(-104)), v.float(89));
  const n = v.do(op.f32x4Nearest, v.mul(clamped, v.float(Math.LOG2E)));
  const minusOne = expOfReduced(v, clamped, n);
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
