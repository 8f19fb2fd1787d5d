/** Whether predictions are among the best, per sample. Apart from the other accuracies: only these sort. */

import { floatx } from '../engine/config.js';
import { argmax, cast, convertToTensor, reshape } from '../ops/common.js';
import { inTopK } from '../ops/sorting.js';
import { type PerSample, perSample } from '../training/parts.js';

/** How often the class number is among the k most probable. */
export const sparseTopKCategoricalAccuracy: PerSample<[k?: number]> = /*#__PURE__*/ perSample(
  'sparse_top_k_categorical_accuracy',
  (yTrue, yPred, k = 5) => {
    const prediction = convertToTensor(yPred);
    const truth = cast(convertToTensor(yTrue), 'int32');
    const rows = reshape(prediction, [-1, prediction.shape.at(-1)!]);
    return reshape(cast(inTopK(reshape(truth, [truth.size]), rows, k), floatx()), truth.shape);
  },
);

/** The same for one-hot labels. */
export const topKCategoricalAccuracy: PerSample<[k?: number]> = /*#__PURE__*/ perSample(
  'top_k_categorical_accuracy',
  (yTrue, yPred, k = 5) => {
    return sparseTopKCategoricalAccuracy(argmax(yTrue, -1), yPred, k);
  },
);
