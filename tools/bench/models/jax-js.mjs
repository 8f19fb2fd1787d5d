// @ts-check
/** The models in jax-js, which has functions but no layers. Arrays are used up unless `.ref` is passed. */

import { sizeOf } from '../support/hashed-numbers.mjs';
import { openJaxJs } from '../support/jax-js.mjs';
import { channelsFirst, kernelOutputsFirst } from '../support/layouts.mjs';
import { specs, weightOf } from './data.mjs';

const [heads, headSize, length, width, units] = [4, 32, 64, 128, 128];

const blockShapes = [
  ...[[width], [width]],
  ...[0, 1, 2].flatMap(() => [
    [width, heads, headSize],
    [heads, headSize],
  ]),
  ...[[heads, headSize, width], [width], [width], [width]],
  ...[[width, 4 * width], [4 * width], [4 * width, width], [width]],
];

/** As Keras numbers them. */
const shapes = {
  mlp: [[784, 256], [256], [256, 128], [128], [128, 10], [10]],
  cnn: [[3, 3, 1, 32], [32], [3, 3, 32, 64], [64], [1600, 128], [128], [128, 10], [10]],
  lstm: [[5000, 64], [64, 4 * units], [units, 4 * units], [4 * units], [units, 2], [2]],
  transformer: [[1000, width], ...blockShapes, ...blockShapes, [width], [width], [width, 1000], [1000]],
};

/** Logits of a batch, from the weights and what goes in. */
function modelsOf({ lax, nn, numpy }) {
  const { relu } = nn;
  const dense = (x, w, b) => numpy.matmul(x, w).add(b);
  const convolve = (x, w, b) => relu(lax.conv(x, w, [1, 1], 'VALID').add(b.reshape([1, -1, 1, 1])));
  const normalize = (x, gamma, beta) => nn.standardize(x, -1, { epsilon: 1e-3 }).mul(gamma).add(beta);

  /** Of 2 × 2 windows; an odd rest is left out. */
  function pool(x) {
    const [n, c, h, w] = x.shape;
    const [rows, columns] = [Math.floor(h / 2), Math.floor(w / 2)];
    const even = x.slice([], [], [0, 2 * rows], [0, 2 * columns]);
    return numpy.max(even.reshape([n, c, rows, 2, columns, 2]), [3, 5]);
  }

  function mlp([w1, b1, w2, b2, w3, b3], x) {
    return dense(relu(dense(relu(dense(x, w1, b1)), w2, b2)), w3, b3);
  }

  function cnn([w1, b1, w2, b2, w3, b3, w4, b4], x) {
    const features = pool(convolve(pool(convolve(x, w1, b1)), w2, b2));
    const flat = features.transpose([0, 2, 3, 1]).reshape([x.shape[0], -1]);
    return dense(relu(dense(flat, w3, b3)), w4, b4);
  }

  /** Unrolled: there are no loops. */
  function lstm([table, kernel, recurrence, bias, w, b], tokens) {
    const [batch, steps] = tokens.shape;
    const inputs = dense(numpy.take(table, tokens, 0), kernel, bias);
    let h = numpy.zeros([batch, units]);
    let c = numpy.zeros([batch, units]);
    for (let t = 0; t < steps; t++) {
      const z = inputs.ref.slice([], t, []).add(numpy.matmul(h, recurrence.ref));
      const gate = (place) => z.ref.slice([], [place * units, (place + 1) * units]);
      const kept = nn.sigmoid(gate(1)).mul(c);
      c = kept.add(nn.sigmoid(gate(0)).mul(numpy.tanh(gate(2))));
      h = nn.sigmoid(gate(3)).mul(numpy.tanh(c.ref));
      z.dispose();
    }
    for (const value of [inputs, recurrence, c]) value.dispose();
    return dense(h, w, b);
  }

  /** By hand: `nn.dotProductAttention` needs a newer Node than we do. */
  function attend(q, k, v) {
    const later = numpy.array(
      Float32Array.from({ length: length ** 2 }, (_, i) => (i % length > i / length ? -1e9 : 0)),
    );
    const products = numpy.matmul(q.transpose([0, 2, 1, 3]), k.transpose([0, 2, 3, 1]));
    const scores = products.mul(1 / Math.sqrt(headSize)).add(later.reshape([length, length]));
    return numpy.matmul(nn.softmax(scores, -1), v.transpose([0, 2, 1, 3])).transpose([0, 2, 1, 3]);
  }

  function block(x, weights) {
    const [g1, s1, wq, bq, wk, bk, wv, bv, wo, bo, g2, s2, w1, b1, w2, b2] = weights;
    const batch = x.shape[0];
    const from = normalize(x.ref, g1, s1);
    const project = (w, b) =>
      dense(from.ref, w.reshape([width, width]), b.reshape([width])).reshape([batch, length, heads, headSize]);
    const [q, k, v] = [project(wq, bq), project(wk, bk), project(wv, bv)];
    from.dispose();
    const mixed = attend(q, k, v).reshape([batch, length, width]);
    const attended = x.add(dense(mixed, wo.reshape([width, width]), bo));
    return attended.ref.add(dense(relu(dense(normalize(attended, g2, s2), w1, b1)), w2, b2));
  }

  function transformer([table, ...rest], tokens) {
    const size = blockShapes.length;
    const states = block(block(numpy.take(table, tokens, 0), rest.slice(0, size)), rest.slice(size, 2 * size));
    const [gamma, beta, w, b] = rest.slice(2 * size);
    return dense(normalize(states, gamma, beta), w, b);
  }

  return { mlp, cnn, lstm, transformer };
}

/**
 * @param {string} kind
 * @param {number} threads
 */
export async function openModel(kind, threads) {
  const jax = await openJaxJs(threads);
  const array = ({ shape, data }) => jax.numpy.array(Float32Array.from(data)).reshape([...shape]);
  const weights = shapes[kind].map((shape, place) => {
    const weight = { shape, data: weightOf(shape, place) };
    return array(shape.length === 4 ? kernelOutputsFirst(weight) : weight);
  });
  const { input, vocabulary } = specs[kind];
  /** Samples from a flat array. */
  const images = (x) => {
    const batch = { shape: [x.length / sizeOf(input), ...input], data: x };
    if (vocabulary !== undefined) return jax.numpy.array(x).reshape(batch.shape);
    return array(input.length === 3 ? channelsFirst(batch) : batch);
  };
  return { jax, weights, images, logits: modelsOf(jax)[kind] };
}
