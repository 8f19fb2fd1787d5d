/**
 * exp(x) / (1 + exp(x)) of four floats, both sides one rounding after exp(r) - 1, where x = n·ln 2 + r. They are 2^25 times larger, so
 * that no part of a subnormal result is.
 */

import type { Local } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import { clamp, reduce } from './exponential.js';
import { minusOneOf } from './tanh.js';
import type { VectorCode } from './vector-code.js';

export function logistic(v: VectorCode, x: Local): Local {
  const { rest, scale } = reduce(v, clamp(v, x, -105, 69), 1, 127 + 25);
  const minusOne = minusOneOf(v, rest);
  const denominator = v.madd(minusOne, scale, v.add(v.float(2 ** 25), scale));
  return v.do(op.f32x4Div, v.madd(minusOne, scale, scale), denominator);
}
