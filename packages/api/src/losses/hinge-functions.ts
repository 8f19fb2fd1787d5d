/** Margin losses, per sample. Labels are -1 and 1; 0 and 1 are converted. */

import type { Tensor, TensorLike } from '@ceratops/core';
import {
  add,
  cast,
  convertToTensor,
  equal,
  logicalOr,
  max,
  maximum,
  mean,
  multiply,
  square,
  subtract,
  sum,
  where,
} from '../ops/common.js';
import { all } from '../ops/logical-reductions.js';
import { toFloat } from '../ops/support.js';
import { type PerSample, perSample } from '../training/parts.js';

function signedLabels(yTrue: Tensor): Tensor {
  const binary = all(logicalOr(equal(yTrue, 0), equal(yTrue, 1)));
  return where(binary, subtract(multiply(yTrue, 2), 1), yTrue);
}

function margin(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const prediction = toFloat(yPred);
  const truth = signedLabels(cast(convertToTensor(yTrue), prediction.dtype));
  return maximum(subtract(1, multiply(truth, prediction)), 0);
}

export const hinge: PerSample = /*#__PURE__*/ perSample('hinge', (yTrue, yPred) => {
  return mean(margin(yTrue, yPred), -1);
});

export const squaredHinge: PerSample = /*#__PURE__*/ perSample('squared_hinge', (yTrue, yPred) => {
  return mean(square(margin(yTrue, yPred)), -1);
});

/** How far the best wrong class comes near the right one; labels are one-hot. */
export const categoricalHinge: PerSample = /*#__PURE__*/ perSample('categorical_hinge', (yTrue, yPred) => {
  const prediction = toFloat(yPred);
  const truth = cast(convertToTensor(yTrue), prediction.dtype);
  const right = sum(multiply(truth, prediction), -1);
  const wrong = max(multiply(subtract(1, truth), prediction), -1);
  return maximum(add(subtract(wrong, right), 1), 0);
});
