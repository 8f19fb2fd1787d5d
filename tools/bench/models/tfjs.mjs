// @ts-check
/** The models in TensorFlow.js, on its WebAssembly backend. It has no attention layers. */

import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { specs, weightOf } from './data.mjs';

const dense = (units, activation, options = {}) => tf.layers.dense({ units, activation, ...options });
const convolution = (filters, options = {}) =>
  tf.layers.conv2d({ filters, kernelSize: 3, activation: 'relu', ...options });

const stacks = {
  mlp: () => [dense(256, 'relu', { inputShape: [784] }), dense(128, 'relu'), dense(10, 'softmax')],
  cnn: () => [
    convolution(32, { inputShape: [28, 28, 1] }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    convolution(64),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    dense(128, 'relu'),
    dense(10, 'softmax'),
  ],
  lstm: () => [
    tf.layers.embedding({ inputDim: 5000, outputDim: 64, inputLength: 50 }),
    tf.layers.lstm({ units: 128, recurrentActivation: 'sigmoid' }),
    dense(2, 'softmax'),
  ],
};

/** @param {string} kind */
export async function openModel(kind) {
  if (!(kind in stacks)) throw new Error('no attention layers');
  await tf.setBackend('wasm');
  await tf.ready();
  const model = tf.sequential({ layers: stacks[kind]() });
  model.setWeights(model.getWeights().map(({ shape }, place) => tf.tensor(weightOf(shape, place), shape)));
  return model;
}

/**
 * Batches as tensors.
 * @param {string} kind
 * @param {{ x: Float32Array | Int32Array, y: Int32Array, count: number }} data
 * @param {number} size
 */
export function batchesOf(kind, { x, y, count }, size) {
  const { input } = specs[kind];
  const sample = x.length / count;
  return Array.from({ length: count / size }, (_, i) => ({
    x: tf.tensor(x.subarray(i * size * sample, (i + 1) * size * sample), [size, ...input]),
    y: tf.tensor(Float32Array.from(y.subarray(i * size, (i + 1) * size)), [size, 1]),
  }));
}
