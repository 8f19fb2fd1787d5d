/** The backward pass's work between its products: probabilities again, and the slopes of the products before they were scaled. */

import { exponentialOfScores } from '../../math/exponential-of-scores.js';
import { VectorCode } from '../../math/vector-code.js';
import type { FunctionIndex } from '../../wasm/function-writer.js';
import * as memoryOp from '../../wasm/memory-op.js';
import type { ModuleWriter } from '../../wasm/module-writer.js';
import * as op from '../../wasm/op.js';
import { ScoreWalk, scoreBlockOf, scoreBlockParameters } from './scores.js';
import { type AttentionShape, scorePitch } from './shape.js';

/**
 * Emits `slopes(…block, slopes, logSums, delta)`: products become probabilities p, and the products of values and cotangents d at
 * `slopes` become p · (d − delta), 0 where nothing is seen. `scaled` for the products' slopes, else they are the scores'.
 */
export function emitSlopes(
  module: ModuleWriter,
  shape: AttentionShape,
  scaled: boolean,
  relaxed: boolean,
): FunctionIndex {
  const f = module.function(
    'attentionSlopes',
    Array.from({ length: scoreBlockParameters + 3 }, () => 'i32' as const),
    [],
  );
  const block = scoreBlockOf(0);
  const [slopes, logSums, delta] = [0, 1, 2].map((i) => scoreBlockParameters + i) as [number, number, number];
  const walk = new ScoreWalk(f, shape, block);
  const at = f.local('i32');
  const [logSum, less, power] = [f.local('v128'), f.local('v128'), f.local('v128')];
  walk.rows(() => {
    f.get(slopes);
    f.set(at);
    f.get(logSums);
    f.memory(memoryOp.v128Load32Splat);
    f.set(logSum);
    f.get(delta);
    f.memory(memoryOp.v128Load32Splat);
    f.set(less);
    walk.scores(false, () => {
      f.get(logSum);
      f.op(op.f32x4Sub);
      const code = new VectorCode(f, relaxed);
      code.finish(exponentialOfScores(code, code.keep()));
      f.set(power);
      f.get(walk.at);
      f.get(power);
      f.memory(memoryOp.v128Store);
      f.get(at);
      f.get(at);
      f.memory(memoryOp.v128Load);
      f.get(less);
      f.op(op.f32x4Sub);
      f.get(power);
      f.op(op.f32x4Mul);
      if (scaled) {
        f.get(f.constant('f32x4', shape.scale));
        f.op(op.f32x4Mul);
      }
      if (walk.visible !== undefined) {
        f.get(walk.visible);
        f.op(op.v128And);
      }
      f.memory(memoryOp.v128Store);
      f.increment(at, 16);
    });
    f.increment(slopes, scorePitch);
    f.increment(logSums, 4);
    f.increment(delta, 4);
  });
  return f.index;
}
