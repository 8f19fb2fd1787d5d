/** Crossentropy of several classes, per sample, with Keras' clipping; of integer classes. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { epsilon } from '../engine/config.js';
import { logSoftmaxOver } from './activation-functions.js';
import { oneHot } from './one-hot.js';
import { keepAxes } from './reductions.js';
import { castTo, declare, defineOp, literal, normalizeAxis, type Op, shapeError, toFloat } from './support.js';

export interface CrossentropyOptions {
  /** Whether the output is a score rather than a probability. */
  readonly fromLogits?: boolean | undefined;
  /** The axis of the classes, the last by default. */
  readonly axis?: number | undefined;
}

export type Crossentropy<O> = (target: TensorLike, output: TensorLike, options?: O) => Tensor;

/** Kept off 0 and 1 by `epsilon()`. */
export function clipProbability(x: Tensor): Tensor {
  return prim.minimum(prim.maximum(x, literal(x, epsilon())), literal(x, 1 - epsilon()));
}

/** Log-probabilities along an axis: of scores by log-softmax, of probabilities normalised and clipped first. */
export function logProbabilities(output: Tensor, axis: number, fromLogits: boolean): Tensor {
  if (fromLogits) return logSoftmaxOver(output, [axis]);
  const total = prim.broadcastTo(keepAxes(prim.reduceSum(output, [axis]), output.shape, [axis], true), output.shape);
  return prim.log(clipProbability(prim.divide(output, total)));
}

/** -Σ target · log(output) along the class axis, for integer classes; a trailing axis of size 1 in the target is dropped. */
export const sparseCategoricalCrossentropy: Op<Crossentropy<CrossentropyOptions>> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('SparseCategoricalCrossentropy', 2, 'nn', ['fromLogits', 'axis'], {
    defaults: { from_logits: false, axis: -1 },
  }),
  (target: TensorLike, output: TensorLike, { fromLogits = false, axis = -1 }: CrossentropyOptions = {}): Tensor => {
    const scores = toFloat(output);
    const given = castTo(asTensor(target), 'int32');
    const column = given.shape.length === scores.shape.length && given.shape.at(-1) === 1;
    const classes = column ? prim.reshape(given, given.shape.slice(0, -1)) : given;
    const along = normalizeAxis(axis, scores.shape.length, 'sparseCategoricalCrossentropy');
    const lines = scores.shape.filter((_, i) => i !== along);
    if (classes.shape.join() !== lines.join()) {
      throw shapeError(
        'sparseCategoricalCrossentropy',
        'target and output differ in shape',
        `a class for each line of the output: [${lines.join(', ')}]`,
        `[${classes.shape.join(', ')}]`,
      );
    }
    const truth = oneHot(classes, scores.shape[along]!, { axis: along, dtype: scores.dtype });
    return prim.negate(prim.reduceSum(prim.multiply(truth, logProbabilities(scores, along, fromLogits)), [along]));
  },
);
