// @ts-check
/**
 * A contestant: predicts with a model of TensorFlow.js.
 *
 *   node tools/bench/inference/tfjs.mjs MODEL
 */

import * as tf from '@tensorflow/tfjs';
import { specs } from '../models/data.mjs';
import { openModel } from '../models/tfjs.mjs';
import { sizeOf } from '../support/hashed-numbers.mjs';
import { measurePredictions } from './measure.mjs';

const kind = process.argv[2];
const { input, batch } = specs[kind];

await measurePredictions(kind, async () => {
  const model = await openModel(kind);
  async function predict(x) {
    const samples = tf.tensor(x, [x.length / sizeOf(input), ...input]);
    const predictions = /** @type {tf.Tensor} */ (model.predict(samples, { batchSize: batch }));
    const data = await predictions.data();
    tf.dispose([samples, predictions]);
    return data;
  }
  return { batch: predict, one: predict, takesMany: true };
});
