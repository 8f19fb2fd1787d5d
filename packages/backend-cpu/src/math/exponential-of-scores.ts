/** exp of four floats that are at most a little above 0, and 0 below -87: less work than `exp`, as no result is near the ends of the range. */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/late-op.js';
import { reduce } from './exponential.js';
import { minusOneOf } from './tanh.js';
import type { VectorCode } from './vector-code.js';

export function exponentialOfScores(v: VectorCode, x: Local): Local {
  const { rest, scale } = reduce(v, x, 1);
  const result = v.madd(minusOneOf(v, rest), scale, scale);
  return v.do(op.v128Andnot, result, v.do(op.f32x4Lt, x, v.float(-87)));
}
