/**
 * exp of four floats. x = 2n·ln 2 + r with |r| ≤ ln 2, and exp(x) = exp(r)·2^n·2^n, where exp(r) = 1 + r + r²·P(r). In two
 * factors 2^n, results below the normal range round once, and those above it become infinite.
 */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { VectorCode } from './vector-code.js';

/** Our own minimax fit, 0.13 ULP. */
export const expCoefficients: readonly number[] = [
  0.000196134482, 0.00141064369, 0.00833611749, 0.0416611657, 0.166666135, 0.500000358,
];

/** ln 2 in two parts; products of the first with |n| ≤ 150 are exact. */
export const ln2High = 0.693359375;
export const ln2Low = -2.1219444e-4;

interface Reduced {
  readonly rest: Local;
  readonly scale: Local;
}

/**
 * x = n·multiple·ln 2 + rest, scale = 2^(n + bias - 127). Adding 1.5·2^23 rounds to an integer, whose low bits are then those of
 * the sum, where one shift makes them an exponent.
 */
export function reduce(v: VectorCode, x: Local, multiple: number, bias = 127): Reduced {
  const magic = v.float(12582912 + bias);
  const sum = v.madd(x, v.float(Math.LOG2E / multiple), magic);
  const n = v.sub(sum, magic);
  const rest = v.nmadd(n, v.float(multiple * ln2Low), v.nmadd(n, v.float(multiple * ln2High), x));
  return { rest, scale: v.shift(op.i32x4Shl, sum, 23) };
}

/** NaN stays NaN. */
export function clamp(v: VectorCode, x: Local, low = -104, high = 89): Local {
  return v.do(op.f32x4Pmin, v.do(op.f32x4Pmax, x, v.float(low)), v.float(high));
}

export function exp(v: VectorCode, x: Local): Local {
  const { rest, scale } = reduce(v, clamp(v, x), 2);
  return v.mul(v.mul(v.polynomial(rest, [...expCoefficients, 1, 1]), scale), scale);
}
