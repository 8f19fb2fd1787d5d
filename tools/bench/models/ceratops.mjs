// @ts-check
/** The models in Ceratops; `keras_models.py` has the same ones. */

import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import { loadDigits } from '../../../examples/digits/dist/digits.js';
import { dataOf, specs, weightOf } from './data.mjs';

const convolutional = (...head) =>
  keras.Sequential([
    keras.Input([28, 28, 1]),
    layers.Conv2D(32, 3, { activation: 'relu' }),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, { activation: 'relu' }),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    ...head,
    layers.Dense(10, { activation: 'softmax' }),
  ]);

const perceptron = () =>
  keras.Sequential([
    keras.Input([784]),
    layers.Dense(256, { activation: 'relu' }),
    layers.Dense(128, { activation: 'relu' }),
    layers.Dense(10, { activation: 'softmax' }),
  ]);

const recurrent = () =>
  keras.Sequential([
    keras.Input([50], { dtype: 'int32' }),
    layers.Embedding(5000, 64),
    layers.LSTM(128),
    layers.Dense(2, { activation: 'softmax' }),
  ]);

function block(x) {
  const queries = layers.LayerNormalization()(x);
  const attended = layers.Add()([x, layers.MultiHeadAttention(4, 32)(queries, queries, { useCausalMask: true })]);
  const hidden = layers.Dense(512, { activation: 'relu' })(layers.LayerNormalization()(attended));
  return layers.Add()([attended, layers.Dense(128)(hidden)]);
}

function transformer() {
  const tokens = keras.Input([64], { dtype: 'int32' });
  const states = block(block(layers.Embedding(1000, 128)(tokens)));
  const outputs = layers.Dense(1000, { activation: 'softmax' })(layers.LayerNormalization()(states));
  return keras.Model(tokens, outputs);
}

const builders = {
  mlp: perceptron,
  cnn: () => convolutional(layers.Dense(128, { activation: 'relu' })),
  lstm: recurrent,
  transformer,
};

/**
 * @typedef {object} Model
 * @property {() => any} build
 * @property {() => { x: Float32Array | Int32Array, y: Int32Array, count: number }} data
 * @property {number} batchSize
 * @property {readonly string[]} metrics
 * @property {object} fit Options.
 */

/** @type {Record<string, Model>} */
export const models = {
  /** The model of the README on 8,000 digits. */
  digits: {
    build: () => convolutional(layers.Dropout(0.5)),
    data() {
      const { x, y } = loadDigits().train;
      return { x, y, count: y.length };
    },
    batchSize: 128,
    metrics: ['accuracy'],
    fit: { validationSplit: 0.1 },
  },
  ...Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      {
        build: builders[name],
        data: () => dataOf(spec, spec.batch * spec.steps),
        batchSize: spec.batch,
        metrics: [],
        fit: {},
      },
    ]),
  ),
};

/** The first `take` of `count` samples, as `fit` wants them. */
export function samples({ x, y, count }, take = count) {
  const labels = y.subarray(0, (y.length / count) * take);
  const shaped = labels.length === take ? labels : keras.tensor(labels, { shape: [take, labels.length / take] });
  return { x: x.subarray(0, (x.length / count) * take), y: shaped };
}

/** Gives a model the weights that all libraries start with. */
export function setKnownWeights(model) {
  model.setWeights(model.weights.map(({ shape }, place) => keras.tensor(weightOf(shape, place), { shape })));
}
