// @ts-check
/** The models that are trained and asked for predictions, by name: what goes in and comes out. `keras_models.py` has the same. */

import { hashed, sizeOf } from '../support/hashed-numbers.mjs';

/**
 * @typedef {object} Spec
 * @property {string} title
 * @property {number} batch
 * @property {readonly number[]} input The shape of a sample.
 * @property {number} classes
 * @property {number} [vocabulary] Samples are integers below it, not numbers in [0, 1).
 * @property {boolean} [everywhere] There is a class for each position.
 * @property {number} steps In an epoch.
 * @property {number} [timesAsLong] As the best Keras may a training step take.
 */

/** @type {Record<string, Spec>} */
export const specs = {
  mlp: { title: 'MLP 784-256-128-10', batch: 128, input: [784], classes: 10, steps: 60, timesAsLong: 2.5 },
  cnn: { title: 'CNN 32-64-128-10 on 28×28', batch: 64, input: [28, 28, 1], classes: 10, steps: 15, timesAsLong: 1.5 },
  lstm: {
    ...{ title: 'Embedding(5000, 64)-LSTM(128)-2, 50 tokens', batch: 32, input: [50], classes: 2, vocabulary: 5000 },
    ...{ steps: 20, timesAsLong: 1.5 },
  },
  transformer: {
    ...{ title: 'causal transformer, 2 blocks of 128, 4 heads, 64 tokens', batch: 16, input: [64], classes: 1000 },
    ...{ vocabulary: 1000, everywhere: true, steps: 10, timesAsLong: 1.5 },
  },
};

/** Integers below `limit`, from the hashed numbers. */
const integers = (length, seed, limit) =>
  Int32Array.from(hashed(length, seed), (value) => Math.floor((value + 0.5) * limit));

/**
 * @param {Spec} spec
 * @param {number} count Samples.
 */
export function dataOf({ input, classes, vocabulary, everywhere = false }, count) {
  const size = count * sizeOf(input);
  const x = vocabulary ? integers(size, 0, vocabulary) : hashed(size, 0).map((value) => value + 0.5);
  return { x, y: integers(everywhere ? size : count, 1, classes), count };
}

/**
 * The numbers of the weight at a place, for predictions that can be compared.
 * @param {readonly number[]} shape
 * @param {number} place
 */
export const weightOf = (shape, place) => hashed(sizeOf(shape), 100 + place).map((value) => value * 0.3);

/**
 * How far the loss of a batch went in steps from known weights, as a fingerprint: gradients and optimizer in one number. Adam divides
 * by gradients, which makes rounding errors larger, hence the norm.
 * @param {readonly number[]} losses
 * @returns {import('../support/hashed-numbers.mjs').Fingerprint}
 */
export function learnedIn(losses) {
  const change = losses[losses.length - 1] - losses[0];
  return { sum: change, norm: 5 * Math.abs(change) };
}
