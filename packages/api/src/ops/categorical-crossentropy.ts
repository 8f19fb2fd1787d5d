/** Crossentropy of several classes, per sample, with Keras' clipping; of probabilities. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { type Crossentropy, type CrossentropyOptions, logProbabilities } from './crossentropy.js';
import { sameShapes } from './same-shapes.js';
import { castTo, declare, defineOp, normalizeAxis, type Op, toFloat } from './support.js';

/** -Σ target · log(output) along the class axis. */
export const categoricalCrossentropy: Op<Crossentropy<CrossentropyOptions>> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('CategoricalCrossentropy', 2, 'nn', ['fromLogits', 'axis'], {
    defaults: { from_logits: false, axis: -1 },
  }),
  (target: TensorLike, output: TensorLike, { fromLogits = false, axis = -1 }: CrossentropyOptions = {}): Tensor => {
    const scores = toFloat(output);
    const truth = castTo(asTensor(target), scores.dtype);
    sameShapes('categoricalCrossentropy', truth, scores);
    const along = normalizeAxis(axis, scores.shape.length, 'categoricalCrossentropy');
    return prim.negate(prim.reduceSum(prim.multiply(truth, logProbabilities(scores, along, fromLogits)), [along]));
  },
);
