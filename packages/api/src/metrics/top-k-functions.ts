/** Whether predictions are among the best, per sample. Apart from the other accuracies: only these sort. */

import type { Tensor, TensorLike } from '@ceratops/core';
import { floatx } from '../engine/config.js';
import { argmax, cast, convertToTensor, reshape } from '../ops/common.js';
import { inTopK } from '../ops/sorting.js';

/** How often the class number is among the k most probable. */
export function sparseTopKCategoricalAccuracy(yTrue: TensorLike, yPred: TensorLike, k = 5): Tensor {
  const prediction = convertToTensor(yPred);
  const truth = cast(convertToTensor(yTrue), 'int32');
  const rows = reshape(prediction, [-1, prediction.shape.at(-1)!]);
  return reshape(cast(inTopK(reshape(truth, [truth.size]), rows, k), floatx()), truth.shape);
}

/** The same for one-hot labels. */
export function topKCategoricalAccuracy(yTrue: TensorLike, yPred: TensorLike, k = 5): Tensor {
  return sparseTopKCategoricalAccuracy(argmax(yTrue, -1), yPred, k);
}
