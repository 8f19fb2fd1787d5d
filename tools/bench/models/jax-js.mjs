// @ts-check
/** The models in jax-js, which has functions but no layers: those without recurrence and attention. Arrays are used up unless `.ref` is passed. */

import { sizeOf } from '../support/hashed-numbers.mjs';
import { openJaxJs } from '../support/jax-js.mjs';
import { channelsFirst, kernelOutputsFirst } from '../support/layouts.mjs';
import { specs, weightOf } from './data.mjs';

const shapes = {
  mlp: [[784, 256], [256], [256, 128], [128], [128, 10], [10]],
  cnn: [[3, 3, 1, 32], [32], [3, 3, 32, 64], [64], [1600, 128], [128], [128, 10], [10]],
};

function layersOf({ lax, nn, numpy }) {
  const dense = (x, w, b) => numpy.matmul(x, w).add(b);
  const convolve = (x, w, b) => nn.relu(lax.conv(x, w, [1, 1], 'VALID').add(b.reshape([1, -1, 1, 1])));
  /** Of 2 × 2 windows; an odd rest is left out. */
  function pool(x) {
    const [n, c, h, w] = x.shape;
    const [rows, columns] = [Math.floor(h / 2), Math.floor(w / 2)];
    const even = x.slice([], [], [0, 2 * rows], [0, 2 * columns]);
    return numpy.max(even.reshape([n, c, rows, 2, columns, 2]), [3, 5]);
  }
  return { dense, convolve, pool, relu: nn.relu };
}

/** Logits of a batch. */
const models = {
  mlp:
    ({ dense, relu }) =>
    ([w1, b1, w2, b2, w3, b3], x) =>
      dense(relu(dense(relu(dense(x, w1, b1)), w2, b2)), w3, b3),
  cnn:
    ({ dense, convolve, pool, relu }) =>
    ([w1, b1, w2, b2, w3, b3, w4, b4], x) => {
      const features = pool(convolve(pool(convolve(x, w1, b1)), w2, b2));
      const flat = features.transpose([0, 2, 3, 1]).reshape([x.shape[0], -1]);
      return dense(relu(dense(flat, w3, b3)), w4, b4);
    },
};

/**
 * @param {string} kind
 * @param {number} threads
 */
export async function openModel(kind, threads) {
  if (!(kind in models)) throw new Error('no loops, no embedding or attention layers');
  const jax = await openJaxJs(threads);
  const array = ({ shape, data }) => jax.numpy.array(Float32Array.from(data)).reshape([...shape]);
  const weights = shapes[kind].map((shape, place) => {
    const weight = { shape, data: weightOf(shape, place) };
    return array(shape.length === 4 ? kernelOutputsFirst(weight) : weight);
  });
  const { input } = specs[kind];
  /** Samples from a flat array. */
  const images = (x) => {
    const batch = { shape: [x.length / sizeOf(input), ...input], data: x };
    return array(input.length === 3 ? channelsFirst(batch) : batch);
  };
  return { jax, weights, images, logits: models[kind](layersOf(jax)) };
}
