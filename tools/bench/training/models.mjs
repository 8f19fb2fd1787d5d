// @ts-check
/** The models, batch sizes and data that are trained here; `keras_training.py` has the same ones. */

import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import { loadDigits } from '../../../examples/digits/dist/digits.js';

/** Numbers that look like pixels, and labels; what they are does not matter for the time of a step. */
function noise(count) {
  const x = Float32Array.from({ length: count * 784 }, (_, i) => ((i * 2654435761) >>> 8) / 2 ** 24);
  return { x, y: Int32Array.from({ length: count }, (_, i) => i % 10) };
}

export const models = {
  /** The model of the README on 8,000 digits. */
  digits: {
    batchSize: 128,
    metrics: ['accuracy'],
    fit: { validationSplit: 0.1 },
    data: () => loadDigits().train,
    build: () =>
      keras.Sequential([
        keras.Input([28, 28, 1]),
        layers.Conv2D(32, 3, { activation: 'relu' }),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, { activation: 'relu' }),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(10, { activation: 'softmax' }),
      ]),
  },
  mlp: {
    batchSize: 128,
    metrics: [],
    fit: {},
    data: () => noise(128 * 60),
    build: () =>
      keras.Sequential([
        keras.Input([784]),
        layers.Dense(256, { activation: 'relu' }),
        layers.Dense(128, { activation: 'relu' }),
        layers.Dense(10, { activation: 'softmax' }),
      ]),
  },
  cnn: {
    batchSize: 64,
    metrics: [],
    fit: {},
    data: () => noise(64 * 15),
    build: () =>
      keras.Sequential([
        keras.Input([28, 28, 1]),
        layers.Conv2D(32, 3, { activation: 'relu' }),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, { activation: 'relu' }),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(128, { activation: 'relu' }),
        layers.Dense(10, { activation: 'softmax' }),
      ]),
  },
};
