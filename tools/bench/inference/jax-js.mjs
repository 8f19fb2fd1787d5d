// @ts-check
/**
 * A contestant: predicts with a model of jax-js, jitted.
 *
 *   node tools/bench/inference/jax-js.mjs MODEL THREADS
 */

import { openModel } from '../models/jax-js.mjs';
import { measurePredictions } from './measure.mjs';

const [kind, threads] = process.argv.slice(2);

await measurePredictions(kind, async () => {
  const { jax, weights, images, logits } = await openModel(kind, Number(threads));
  const forward = jax.jit((values, x) => jax.nn.softmax(logits(values, x), -1));
  const predict = (x) =>
    forward(
      weights.map((weight) => weight.ref),
      images(x),
    ).data();
  return { batch: predict, one: predict };
});
