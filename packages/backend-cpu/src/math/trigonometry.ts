/**
 * sin and cos of four floats. The quadrant is taken off in float64 with π/2 in two parts, good to |x| < 2^20·π/2; where a
 * lane is larger, all four go through the host's Math. Polynomials on [-π/4, π/4] as in Cephes' sinf and cosf.
 */

import type { FunctionIndex, Local } from '../wasm/function-writer.js';
import * as laneOp from '../wasm/lane-op.js';
import * as op from '../wasm/late-op.js';
import type { VectorCode } from './vector-code.js';

const sineCoefficients = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1];
const cosineCoefficients = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2];
/** π/2: 33 bits, then the rest. */
const halfPiHigh = 1.5707963267341256;
const halfPiLow = 6.077100506506192e-11;
const largest = 1_000_000;

interface Quadrant {
  readonly rest: Local;
  readonly quadrant: Local;
}

/** Two lanes in float64. */
function reduceHalf(v: VectorCode, x: Local, half: 'low' | 'high'): Quadrant {
  const { f } = v;
  f.get(x);
  f.get(x);
  if (half === 'low') f.shuffle32(0, 1, 2, 3);
  else f.shuffle32(2, 3, 2, 3);
  f.op(op.f64x2PromoteLowF32x4);
  const wide = v.keep();
  const turns = v.do(op.f64x2Nearest, v.do(op.f64x2Mul, wide, f.constant('f64x2', 2 / Math.PI)));
  const high = v.do(op.f64x2Sub, wide, v.do(op.f64x2Mul, turns, f.constant('f64x2', halfPiHigh)));
  const rest = v.do(op.f64x2Sub, high, v.do(op.f64x2Mul, turns, f.constant('f64x2', halfPiLow)));
  return { rest: v.do(op.f32x4DemoteF64x2Zero, rest), quadrant: v.do(op.i32x4TruncSatF64x2SZero, turns) };
}

function joinHalves(v: VectorCode, low: Local, high: Local): Local {
  v.f.get(low);
  v.f.get(high);
  v.f.shuffle32(0, 1, 4, 5);
  return v.keep();
}

/** sin(x + shift·π/2) */
function sineFrom(v: VectorCode, x: Local, shift: 0 | 1): Local {
  const [low, high] = [reduceHalf(v, x, 'low'), reduceHalf(v, x, 'high')];
  const r = joinHalves(v, low.rest, high.rest);
  const turns = joinHalves(v, low.quadrant, high.quadrant);
  const quadrant = shift === 0 ? turns : v.do(op.i32x4Add, turns, v.int(shift));
  const z = v.mul(r, r);
  const sine = v.madd(v.mul(v.polynomial(z, sineCoefficients), z), r, r);
  const tail = v.mul(v.mul(v.polynomial(z, cosineCoefficients), z), z);
  const cosine = v.add(v.nmadd(v.float(0.5), z, tail), v.float(1));
  const odd = v.do(op.i32x4Ne, v.do(op.v128And, quadrant, v.int(1)), v.int(0));
  const sign = v.shift(op.i32x4Shl, v.do(op.v128And, quadrant, v.int(2)), 30);
  const result = v.do(op.v128Xor, v.choose(odd, cosine, sine), sign);
  if (shift === 1) return result;
  return v.choose(v.do(op.f32x4Eq, x, v.float(0)), x, result);
}

/** `host` is the imported float64 function for what the reduction does not cover. */
function withHost(v: VectorCode, x: Local, shift: 0 | 1, host: FunctionIndex): Local {
  const { f } = v;
  const result = f.local('v128');
  // Not |x| < largest: NaN and infinities take the slow path too.
  f.get(v.do(op.f32x4Lt, v.do(op.f32x4Abs, x), v.float(largest)));
  f.op(op.i32x4AllTrue);
  f.if();
  f.get(sineFrom(v, x, shift));
  f.set(result);
  f.else();
  for (let lane = 0; lane < 4; lane++) {
    f.get(lane === 0 ? x : result);
    f.get(x);
    f.lane(laneOp.f32x4Extract, lane);
    f.op(op.f64PromoteF32);
    f.call(host);
    f.op(op.f32DemoteF64);
    f.lane(laneOp.f32x4Replace, lane);
    f.set(result);
  }
  f.end();
  f.get(result);
  f.release('v128', result);
  return v.keep();
}

export function sine(v: VectorCode, x: Local, host: FunctionIndex): Local {
  return withHost(v, x, 0, host);
}

export function cosine(v: VectorCode, x: Local, host: FunctionIndex): Local {
  return withHost(v, x, 1, host);
}
