/** Whether predictions hit, per sample. */

import type { Tensor } from '@ceratops/core';
import { floatx } from '../engine/config.js';
import { argmax, cast, convertToTensor, equal, greater } from '../ops/common.js';
import { type PerSample, perSample, toSameRank } from '../training/parts.js';

function hits(a: Tensor, b: Tensor): Tensor {
  return cast(equal(a, b), floatx());
}

/** How often prediction and truth are the same number. */
export const accuracy: PerSample = /*#__PURE__*/ perSample('accuracy', (yTrue, yPred) => {
  const prediction = convertToTensor(yPred);
  return hits(...toSameRank(cast(convertToTensor(yTrue), prediction.dtype), prediction));
});

/** How often a probability is on the right side of the threshold. */
export const binaryAccuracy: PerSample<[threshold?: number]> = /*#__PURE__*/ perSample(
  'binary_accuracy',
  (yTrue, yPred, threshold = 0.5) => {
    const [truth, prediction] = toSameRank(convertToTensor(yTrue), convertToTensor(yPred));
    return hits(truth, cast(greater(prediction, threshold), truth.dtype));
  },
);

/** How often the largest probability is at the one of a one-hot label. */
export const categoricalAccuracy: PerSample = /*#__PURE__*/ perSample('categorical_accuracy', (yTrue, yPred) => {
  return hits(argmax(yTrue, -1), argmax(yPred, -1));
});
