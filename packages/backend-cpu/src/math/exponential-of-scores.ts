/**
 * exp of four floats that are at most a little above 0, and 0 below -87: half the work of `exp`, as no result is near the ends of the
 * range. The same reduction and polynomial; n is rounded by adding a number whose last bit is worth 1.
 */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/late-op.js';
import { expOfReduced } from './exponential.js';
import type { VectorCode } from './vector-code.js';

const rounder = 1.5 * 2 ** 23;
const rounderBits = 0x4b400000;

export function exponentialOfScores(v: VectorCode, x: Local): Local {
  const shifted = v.madd(x, v.float(Math.LOG2E), v.float(rounder));
  const minusOne = expOfReduced(v, x, v.sub(shifted, v.float(rounder)));
  const power = v.shift(op.i32x4Shl, v.do(op.i32x4Sub, shifted, v.int(rounderBits - 127)), 23);
  const result = v.madd(minusOne, power, power);
  return v.do(op.v128Andnot, result, v.do(op.f32x4Lt, x, v.float(-87)));
}
