// @ts-check
/** The models as ONNX; images are NCHW. */

import { kernelOutputsFirst } from '../support/layouts.mjs';
import { onnxModel } from '../support/onnx-model.mjs';
import { specs, weightOf } from './data.mjs';

/** Adds nodes one after the other; weights are numbered as Keras numbers them. */
class Graph {
  nodes = [];
  initializers = [];
  #weights = 0;

  /** @param {number} batch */
  constructor(batch) {
    this.batch = batch;
  }

  /** @returns {string} The name of what the node gives; of the last, where it gives more. */
  add(op, inputs, attributes = {}, outputs = [`${op} ${this.nodes.length}`]) {
    this.nodes.push({ op, inputs, outputs, attributes });
    return outputs[outputs.length - 1];
  }

  constant(shape, data) {
    const name = `constant ${this.initializers.length}`;
    this.initializers.push({ name, shape, data });
    return name;
  }

  /** The numbers of the next weight. */
  next(shape) {
    return { shape, data: weightOf(shape, this.#weights++) };
  }

  weight(shape, as = shape) {
    return this.constant(as, this.next(shape).data);
  }

  reshape(value, shape) {
    return this.add('Reshape', [value, this.constant([shape.length], BigInt64Array.from(shape, BigInt))]);
  }

  /** x · w + b, over the last axis. */
  dense(value, shape, inputs = shape[0], outputs = shape[1]) {
    const product = this.add('MatMul', [value, this.weight(shape, [inputs, outputs])]);
    return this.add('Add', [product, this.weight(shape.slice(1), [outputs])]);
  }

  relu(value) {
    return this.add('Relu', [value]);
  }

  normalize(value, size) {
    const weights = [this.weight([size]), this.weight([size])];
    return this.add('LayerNormalization', [value, ...weights], { axis: -1, epsilon: { float: 1e-3 } });
  }
}

/** @param {Graph} graph */
function perceptron(graph, x) {
  const hidden = graph.relu(graph.dense(graph.relu(graph.dense(x, [784, 256])), [256, 128]));
  return graph.dense(hidden, [128, 10]);
}

/** @param {Graph} graph */
function convolutional(graph, x) {
  const convolve = (value, shape) => {
    const { shape: moved, data } = kernelOutputsFirst(graph.next(shape));
    const weights = [graph.constant(moved, data), graph.weight(shape.slice(-1))];
    const pooled = graph.relu(graph.add('Conv', [value, ...weights]));
    return graph.add('MaxPool', [pooled], { kernel_shape: [2, 2], strides: [2, 2] });
  };
  const features = convolve(convolve(x, [3, 3, 1, 32]), [3, 3, 32, 64]);
  const flat = graph.add('Flatten', [graph.add('Transpose', [features], { perm: [0, 2, 3, 1] })]);
  return graph.dense(graph.relu(graph.dense(flat, [1600, 128])), [128, 10]);
}

const units = 128;

/** [rows, gates × units] to [1, gates × units, rows], the gates from Keras' order i f c o to ONNX' i o f c. */
function gates({ shape, data }) {
  const rows = shape.length === 2 ? shape[0] : 1;
  const moved = new Float32Array(data.length);
  for (const [to, from] of [0, 3, 1, 2].entries())
    for (let unit = 0; unit < units; unit++)
      for (let row = 0; row < rows; row++)
        moved[(to * units + unit) * rows + row] = data[row * 4 * units + from * units + unit];
  return moved;
}

/** @param {Graph} graph */
function recurrent(graph, tokens) {
  const embedded = graph.add('Gather', [graph.weight([5000, 64]), tokens]);
  const steps = graph.add('Transpose', [embedded], { perm: [1, 0, 2] });
  const [kernel, recurrence, bias] = [[64, 4 * units], [units, 4 * units], [4 * units]].map((shape) =>
    gates(graph.next(shape)),
  );
  const biases = new Float32Array(8 * units);
  biases.set(bias);
  const weights = [
    graph.constant([1, 4 * units, 64], kernel),
    graph.constant([1, 4 * units, units], recurrence),
    graph.constant([1, 8 * units], biases),
  ];
  const last = graph.add('LSTM', [steps, ...weights], { hidden_size: units }, ['', 'last state']);
  return graph.dense(graph.reshape(last, [graph.batch, units]), [units, 2]);
}

const [heads, headSize, length, width] = [4, 32, 64, 128];

/** @param {Graph} graph */
function attention(graph, x, mask) {
  const [q, k, v] = [
    [0, 2, 1, 3],
    [0, 2, 3, 1],
    [0, 2, 1, 3],
  ].map((perm) => {
    const projected = graph.dense(x, [width, heads, headSize], width, width);
    return graph.add('Transpose', [graph.reshape(projected, [graph.batch, length, heads, headSize])], { perm });
  });
  const scale = graph.constant([], new Float32Array([1 / Math.sqrt(headSize)]));
  const scores = graph.add('Add', [graph.add('MatMul', [graph.add('Mul', [q, scale]), k]), mask]);
  const mixed = graph.add('MatMul', [graph.add('Softmax', [scores], { axis: -1 }), v]);
  const joined = graph.reshape(graph.add('Transpose', [mixed], { perm: [0, 2, 1, 3] }), [graph.batch, length, width]);
  const product = graph.add('MatMul', [joined, graph.weight([heads, headSize, width], [width, width])]);
  return graph.add('Add', [product, graph.weight([width])]);
}

/** @param {Graph} graph */
function transformer(graph, tokens) {
  const later = Float32Array.from({ length: length ** 2 }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0));
  const mask = graph.constant([length, length], later);
  let states = graph.add('Gather', [graph.weight([1000, width]), tokens]);
  for (let block = 0; block < 2; block++) {
    states = graph.add('Add', [states, attention(graph, graph.normalize(states, width), mask)]);
    const hidden = graph.relu(graph.dense(graph.normalize(states, width), [width, 4 * width]));
    states = graph.add('Add', [states, graph.dense(hidden, [4 * width, width])]);
  }
  return graph.dense(graph.normalize(states, width), [width, 1000]);
}

const builders = { mlp: perceptron, cnn: convolutional, lstm: recurrent, transformer };

/**
 * @param {string} kind
 * @param {number} batch
 * @returns {{ model: Uint8Array, dtype: 'float32' | 'int32', shape: number[] }} The model from x to y, and what x is.
 */
export function modelOf(kind, batch) {
  const { input, classes, vocabulary, everywhere } = specs[kind];
  const dtype = vocabulary === undefined ? 'float32' : 'int32';
  const shape = input.length === 3 ? [batch, input[2], input[0], input[1]] : [batch, ...input];
  const graph = new Graph(batch);
  graph.add('Softmax', [builders[kind](graph, 'x')], { axis: -1 }, ['y']);
  const outputs = [{ name: 'y', shape: everywhere ? [batch, ...input, classes] : [batch, classes] }];
  const { nodes, initializers } = graph;
  return { model: onnxModel({ nodes, initializers, inputs: [{ name: 'x', shape, dtype }], outputs }), dtype, shape };
}
