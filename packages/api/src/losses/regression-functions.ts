/** Losses between numbers and between distributions, per sample. */

import type { Tensor, TensorLike } from '@ceratops/core';
import { epsilon } from '../engine/config.js';
import {
  absolute,
  add,
  cast,
  clip,
  convertToTensor,
  divide,
  lessEqual,
  log,
  maximum,
  mean,
  multiply,
  negative,
  softplus,
  square,
  subtract,
  sum,
  where,
} from '../ops/common.js';
import { normalize } from '../ops/normalize.js';
import { shapeError, toFloat } from '../ops/support.js';
import { type PerSample, perSample, toSameRank } from '../training/parts.js';

/**
 * Both in the prediction's dtype and in one rank. A target may broadcast to the prediction, but not the other way round: Keras
 * lets a layer of the wrong width through here and trains it on the mean of the targets.
 */
function aligned(yTrue: TensorLike, yPred: TensorLike): [truth: Tensor, prediction: Tensor] {
  const output = toFloat(yPred);
  const [truth, prediction] = toSameRank(cast(convertToTensor(yTrue), output.dtype), output);
  const sizes = prediction.shape;
  if (truth.rank <= sizes.length && truth.shape.every((size, i) => size <= sizes[i - truth.rank + sizes.length]!))
    return [truth, prediction];
  throw shapeError('target', 'larger than the output', `[${sizes.join(', ')}]`, `[${truth.shape.join(', ')}]`);
}

export const meanSquaredError: PerSample = /*#__PURE__*/ perSample('mean_squared_error', (yTrue, yPred) => {
  return mean(square(subtract(...aligned(yTrue, yPred))), -1);
});

export const meanAbsoluteError: PerSample = /*#__PURE__*/ perSample('mean_absolute_error', (yTrue, yPred) => {
  return mean(absolute(subtract(...aligned(yTrue, yPred))), -1);
});

export const meanAbsolutePercentageError: PerSample = /*#__PURE__*/ perSample(
  'mean_absolute_percentage_error',
  (yTrue, yPred) => {
    const [truth, prediction] = aligned(yTrue, yPred);
    const relative = absolute(divide(subtract(truth, prediction), maximum(absolute(truth), epsilon())));
    return multiply(mean(relative, -1), 100);
  },
);

export const meanSquaredLogarithmicError: PerSample = /*#__PURE__*/ perSample(
  'mean_squared_logarithmic_error',
  (yTrue, yPred) => {
    const [truth, prediction] = aligned(yTrue, yPred);
    const scale = (x: Tensor): Tensor => log(add(maximum(x, epsilon()), 1));
    return mean(square(subtract(scale(prediction), scale(truth))), -1);
  },
);

/** Minus the cosine of the angle between truth and prediction. */
export const cosineSimilarity: PerSample<[axis?: number]> = /*#__PURE__*/ perSample(
  'cosine_similarity',
  (yTrue, yPred, axis = -1) => {
    const [truth, prediction] = aligned(yTrue, yPred);
    return negative(sum(multiply(normalize(truth, axis), normalize(prediction, axis)), axis));
  },
);

/** Squared up to `delta`, linear beyond. */
export const huber: PerSample<[delta?: number]> = /*#__PURE__*/ perSample('huber', (yTrue, yPred, delta = 1) => {
  const [truth, prediction] = aligned(yTrue, yPred);
  const error = subtract(prediction, truth);
  const size = absolute(error);
  const linear = subtract(multiply(size, delta), 0.5 * delta * delta);
  return mean(where(lessEqual(size, delta), multiply(square(error), 0.5), linear), -1);
});

/** log(cosh(error)), without overflow. */
export const logCosh: PerSample = /*#__PURE__*/ perSample('log_cosh', (yTrue, yPred) => {
  const [truth, prediction] = aligned(yTrue, yPred);
  const error = subtract(prediction, truth);
  return mean(subtract(add(error, softplus(multiply(error, -2))), Math.LN2), -1);
});

/** Σ t · log(t / p). */
export const klDivergence: PerSample = /*#__PURE__*/ perSample('kl_divergence', (yTrue, yPred) => {
  const prediction = toFloat(yPred);
  const truth = clip(cast(convertToTensor(yTrue), prediction.dtype), epsilon(), 1);
  return sum(multiply(truth, log(divide(truth, clip(prediction, epsilon(), 1)))), -1);
});

export const poisson: PerSample = /*#__PURE__*/ perSample('poisson', (yTrue, yPred) => {
  const prediction = toFloat(yPred);
  const truth = cast(convertToTensor(yTrue), prediction.dtype);
  return mean(subtract(prediction, multiply(truth, log(add(prediction, epsilon())))), -1);
});
