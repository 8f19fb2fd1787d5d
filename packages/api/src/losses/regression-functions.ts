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
import { toSameRank } from '../training/parts.js';

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

export function meanSquaredError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  return mean(square(subtract(...aligned(yTrue, yPred))), -1);
}

export function meanAbsoluteError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  return mean(absolute(subtract(...aligned(yTrue, yPred))), -1);
}

export function meanAbsolutePercentageError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred);
  const relative = absolute(divide(subtract(truth, prediction), maximum(absolute(truth), epsilon())));
  return multiply(mean(relative, -1), 100);
}

export function meanSquaredLogarithmicError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred);
  const scale = (x: Tensor): Tensor => log(add(maximum(x, epsilon()), 1));
  return mean(square(subtract(scale(prediction), scale(truth))), -1);
}

/** Minus the cosine of the angle between truth and prediction. */
export function cosineSimilarity(yTrue: TensorLike, yPred: TensorLike, axis = -1): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred);
  return negative(sum(multiply(normalize(truth, axis), normalize(prediction, axis)), axis));
}

/** Squared up to `delta`, linear beyond. */
export function huber(yTrue: TensorLike, yPred: TensorLike, delta = 1): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred);
  const error = subtract(prediction, truth);
  const size = absolute(error);
  const linear = subtract(multiply(size, delta), 0.5 * delta * delta);
  return mean(where(lessEqual(size, delta), multiply(square(error), 0.5), linear), -1);
}

/** log(cosh(error)), without overflow. */
export function logCosh(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred);
  const error = subtract(prediction, truth);
  return mean(subtract(add(error, softplus(multiply(error, -2))), Math.LN2), -1);
}

/** Σ t · log(t / p). */
export function klDivergence(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const prediction = toFloat(yPred);
  const truth = clip(cast(convertToTensor(yTrue), prediction.dtype), epsilon(), 1);
  return sum(multiply(truth, log(divide(truth, clip(prediction, epsilon(), 1)))), -1);
}

export function poisson(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const prediction = toFloat(yPred);
  const truth = cast(convertToTensor(yTrue), prediction.dtype);
  return mean(subtract(prediction, multiply(truth, log(add(prediction, epsilon())))), -1);
}
