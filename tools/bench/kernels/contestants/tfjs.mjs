// @ts-check
/** TensorFlow.js on its WebAssembly backend, which has one thread in Node. */

import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

const convolve = (kernel) => (x, w) => {
  const { stride, pad, groups } = kernel;
  if (groups === 1) return tf.conv2d(x, w, stride, pad, 'NHWC', 1, 'floor');
  const [height, width, , channels] = w.shape;
  return tf.depthwiseConv2d(x, tf.reshape(w, [height, width, channels, 1]), stride, pad, 'NHWC', 1, 'floor');
};

const scaleShift = (x, a, b) => tf.add(tf.mul(x, a), b);

/** By tanh: x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). */
function gelu(x) {
  const inner = tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715 * Math.sqrt(2 / Math.PI)), Math.sqrt(2 / Math.PI)));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}

function layerNorm(x, gamma, beta) {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-3))), gamma), beta);
}

/** Its kernel for transposed factors is many times slower than transposing first; a row times a transpose is the matrix times a column. */
function product(x, y, [a, b]) {
  const [rows, depth] = a ? [x.shape[1], x.shape[0]] : x.shape;
  if (b && rows === 1) return tf.reshape(tf.matMul(y, tf.reshape(x, [depth, 1])), [1, y.shape[0]]);
  return tf.matMul(a ? tf.transpose(x) : x, b ? tf.transpose(y) : y);
}

const functions = {
  product:
    ({ transposed }) =>
    (x, y) =>
      product(x, y, transposed),
  convolution: convolve,
  inputGradient:
    ({ stride, pad, groups }) =>
    (x, w, d) =>
      tf.conv2dTranspose(d, w, x.shape, stride, pad === 0 && groups === 1 ? 'valid' : pad),
  kernelGradient: (kernel) => (x, w, d) => tf.grad((v) => convolve(kernel)(x, v))(w, d),
  scaleShift: () => scaleShift,
  geluChain: () => (x, a, b) => gelu(scaleShift(x, a, b)),
  softmax: () => (x) => tf.softmax(x),
  layerNorm: () => layerNorm,
  sum: () => (x) => tf.sum(x),
};

export async function open() {
  await tf.setBackend('wasm');
  await tf.ready();
  return (kernel, inputs) => {
    const compute = functions[kernel.op](kernel);
    const arrays = inputs.map(({ shape, data }) => tf.tensor(data, shape));
    const once = () => tf.tidy(() => compute(...arrays));
    return { run: () => once().dispose(), result: () => once().data() };
  };
}
