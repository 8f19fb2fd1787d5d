/** Whether predictions hit, per sample. */

import type { Tensor, TensorLike } from '@ceratops/core';
import { floatx } from '../engine/config.js';
import { argmax, cast, convertToTensor, equal, greater, squeeze } from '../ops/common.js';
import { toSameRank } from '../training/parts.js';

function hits(a: Tensor, b: Tensor): Tensor {
  return cast(equal(a, b), floatx());
}

/** How often prediction and truth are the same number. */
export function accuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const prediction = convertToTensor(yPred);
  return hits(...toSameRank(cast(convertToTensor(yTrue), prediction.dtype), prediction));
}

/** How often a probability is on the right side of the threshold. */
export function binaryAccuracy(yTrue: TensorLike, yPred: TensorLike, threshold = 0.5): Tensor {
  const [truth, prediction] = toSameRank(convertToTensor(yTrue), convertToTensor(yPred));
  return hits(truth, cast(greater(prediction, threshold), truth.dtype));
}

/** How often the largest probability is at the one of a one-hot label. */
export function categoricalAccuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
  return hits(argmax(yTrue, -1), argmax(yPred, -1));
}

/** How often the largest probability is at the class number. */
export function sparseCategoricalAccuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const prediction = convertToTensor(yPred);
  const given = convertToTensor(yTrue);
  const column = given.shape.length === prediction.shape.length && given.shape.at(-1) === 1;
  const truth = column ? squeeze(given, -1) : given;
  const matches = hits(truth, cast(argmax(prediction, -1), truth.dtype));
  return matches.shape.length > 1 && matches.shape.at(-1) === 1 ? squeeze(matches, -1) : matches;
}
