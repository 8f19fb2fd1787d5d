/** The forward pass's work between its two products: powers of the scores against the greatest so far, and their sums. */

import { exponentialOfScores } from '../../math/exponential-of-scores.js';
import { log } from '../../math/logarithm.js';
import { VectorCode } from '../../math/vector-code.js';
import type { FunctionIndex, FunctionWriter, Local } from '../../wasm/function-writer.js';
import * as memoryLaneOp from '../../wasm/memory-lane-op.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { rangeLoop } from '../affine.js';
import { ScoreWalk, scoreBlockOf, scoreBlockParameters, unseen } from './scores.js';
import type { AttentionShape } from './shape.js';

/** Bytes of a row's greatest score and its sum of powers. */
export const statisticsBytes = 8;

/** Emits `begin(statistics, rows)`: rows that have seen nothing. */
export function emitBegin(module: ModuleWriter): FunctionIndex {
  const f = module.function('attentionBegin', ['i32', 'i32'], []);
  const [at, end] = [0, 1];
  pushEnd(f, at, end, statisticsBytes);
  rangeLoop(f, at, end, statisticsBytes, () => {
    f.get(at);
    f.f32(unseen);
    f.memory(memoryOp.f32Store);
    f.get(at);
    f.f32(0);
    f.memory(memoryOp.f32Store, 4);
  });
  return f.index;
}

/**
 * Emits `softmax(…block, statistics, sums)`: products become powers, and the rows of `sums`, of vectors that are `width` bytes, are those
 * against the new greatest score.
 */
export function emitSoftmax(
  module: ModuleWriter,
  shape: AttentionShape,
  width: number,
  relaxed: boolean,
): FunctionIndex {
  const parameters = Array.from({ length: scoreBlockParameters + 2 }, () => 'i32' as const);
  const f = module.function('attentionSoftmax', parameters, []);
  const block = scoreBlockOf(0);
  const [statistics, sums] = [scoreBlockParameters, scoreBlockParameters + 1];
  const walk = new ScoreWalk(f, shape, block);
  const [peak, factor, sum] = [f.local('v128'), f.local('v128'), f.local('v128')];
  const exponential = (): void => {
    const code = new VectorCode(f, relaxed);
    code.finish(exponentialOfScores(code, code.keep()));
  };
  walk.rows(() => {
    f.get(statistics);
    f.memory(memoryOp.v128Load32Splat);
    f.set(peak);
    walk.scores(true, () => {
      const score = f.local('v128');
      f.set(score);
      f.get(walk.at);
      f.get(score);
      f.memory(memoryOp.v128Store);
      f.get(peak);
      f.get(score);
      f.op(op.f32x4Pmax);
      f.set(peak);
      f.release('v128', score);
    });
    acrossLanes(f, peak, op.f32x4Pmax);
    f.get(statistics);
    f.memory(memoryOp.v128Load32Splat);
    f.get(peak);
    f.op(op.f32x4Sub);
    exponential();
    f.set(factor);
    f.splat('f32x4', 0);
    f.set(sum);
    walk.vectors(() => {
      const power = f.local('v128');
      f.get(walk.at);
      f.get(walk.at);
      f.memory(memoryOp.v128Load);
      f.get(peak);
      f.op(op.f32x4Sub);
      exponential();
      f.tee(power);
      f.memory(memoryOp.v128Store);
      f.get(sum);
      f.get(power);
      f.op(op.f32x4Add);
      f.set(sum);
      f.release('v128', power);
    });
    acrossLanes(f, sum, op.f32x4Add);
    f.get(statistics);
    f.get(peak);
    f.memoryLane(memoryLaneOp.store32Lane, 0);
    f.get(statistics);
    f.get(statistics);
    f.memory(memoryOp.v128Load32Splat, 4);
    f.get(factor);
    f.op(op.f32x4Mul);
    f.get(sum);
    f.op(op.f32x4Add);
    f.memoryLane(memoryLaneOp.store32Lane, 0, 4);
    f.get(block.key);
    f.if();
    scaleRow(f, sums, width, factor);
    f.end();
    f.increment(statistics, statisticsBytes);
    f.increment(sums, width);
  });
  return f.index;
}

/** Every lane of `vector` becomes that of all four. */
function acrossLanes(f: FunctionWriter, vector: Local, opcode: typeof op.f32x4Pmax | typeof op.f32x4Add): void {
  for (const [a, b, c, d] of [
    [2, 3, 0, 1],
    [1, 0, 3, 2],
  ] as const) {
    f.get(vector);
    f.get(vector);
    f.get(vector);
    f.shuffle32(a, b, c, d);
    f.op(opcode);
    f.set(vector);
  }
}

function scaleRow(f: FunctionWriter, row: Local, width: number, factor: Local): void {
  const [at, end] = [f.local('i32'), f.local('i32')];
  f.get(row);
  f.tee(at);
  f.i32(width);
  f.op(op.i32Add);
  f.set(end);
  rangeLoop(f, at, end, 16, () => {
    f.get(at);
    f.get(at);
    f.memory(memoryOp.v128Load);
    f.get(factor);
    f.op(op.f32x4Mul);
    f.memory(memoryOp.v128Store);
  });
  f.release('i32', at);
  f.release('i32', end);
}

/** Emits `finish(statistics, rows, sums, output, logSums)`: means, and the logarithm of each row's sum. */
export function emitFinish(
  module: ModuleWriter,
  { output }: AttentionShape,
  width: number,
  relaxed: boolean,
): FunctionIndex {
  const f = module.function('attentionFinish', ['i32', 'i32', 'i32', 'i32', 'i32'], []);
  const [at, end, sums, target, logSums] = [0, 1, 2, 3, 4] as const;
  const [sum, from, to, fromEnd] = [f.local('v128'), f.local('i32'), f.local('i32'), f.local('i32')];
  pushEnd(f, at, end, statisticsBytes);
  rangeLoop(f, at, end, statisticsBytes, () => {
    f.get(at);
    f.memory(memoryOp.v128Load32Splat, 4);
    f.set(sum);
    f.get(sums);
    f.tee(from);
    f.i32(Math.floor(output.width / 4) * 16);
    f.op(op.i32Add);
    f.set(fromEnd);
    f.get(target);
    f.set(to);
    const pushMean = (): void => {
      f.get(to);
      f.get(from);
      f.memory(memoryOp.v128Load);
      f.get(sum);
      f.op(op.f32x4Div);
    };
    rangeLoop(f, from, fromEnd, 16, () => {
      pushMean();
      f.memory(memoryOp.v128Store);
      f.increment(to, 16);
    });
    for (let lane = 0; lane < output.width % 4; lane++) {
      pushMean();
      f.memoryLane(memoryLaneOp.store32Lane, lane, lane * 4);
    }
    f.get(logSums);
    const code = new VectorCode(f, relaxed);
    code.finish(log(code, sum));
    f.get(at);
    f.memory(memoryOp.v128Load32Splat);
    f.op(op.f32x4Add);
    f.memoryLane(memoryLaneOp.store32Lane, 0);
    f.increment(sums, width);
    f.increment(target, output.stride);
    f.increment(logSums, 4);
  });
  return f.index;
}

/** `count` becomes the address behind that many entries at `at`. */
function pushEnd(f: FunctionWriter, at: Local, count: Local, bytes: number): void {
  f.get(at);
  f.get(count);
  f.i32(bytes);
  f.op(op.i32Mul);
  f.op(op.i32Add);
  f.set(count);
}
