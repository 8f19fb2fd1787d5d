/** Whether predictions hit, per sample. */

import type { Tensor, TensorLike } from '@ceratops/core';
import { floatx } from '../engine/config.js';
import { argmax, cast, convertToTensor, equal, greater } from '../ops/common.js';
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
