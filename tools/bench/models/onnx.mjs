// @ts-check
/** The models as ONNX, the images NCHW. Those without recurrence and attention. */

import { kernelOutputsFirst } from '../support/layouts.mjs';
import { onnxModel } from '../support/onnx-model.mjs';
import { specs, weightOf } from './data.mjs';

/** Layers as [op, shapes of its weights]; each feeds the next. */
const stacks = {
  mlp: [['dense', [784, 256]], ['relu'], ['dense', [256, 128]], ['relu'], ['dense', [128, 10]]],
  cnn: [
    ...[['convolution', [3, 3, 1, 32]], ['relu'], ['pool'], ['convolution', [3, 3, 32, 64]], ['relu'], ['pool']],
    ...[['flatten'], ['dense', [1600, 128]], ['relu'], ['dense', [128, 10]]],
  ],
};

/** By layer: its nodes from one value to the next. */
const nodesOf = {
  dense: (from, to, [w, b]) => [{ op: 'Gemm', inputs: [from, w, b], output: to }],
  convolution: (from, to, [w, b]) => [{ op: 'Conv', inputs: [from, w, b], output: to }],
  relu: (from, to) => [{ op: 'Relu', inputs: [from], output: to }],
  pool: (from, to) => [
    { op: 'MaxPool', inputs: [from], output: to, attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  ],
  flatten: (from, to) => [
    { op: 'Transpose', inputs: [from], output: `${to} channels last`, attributes: { perm: [0, 2, 3, 1] } },
    { op: 'Flatten', inputs: [`${to} channels last`], output: to },
  ],
};

/**
 * @param {string} kind
 * @param {number} batch
 * @returns {{ model: Uint8Array, shape: number[] }} The model from x to y, and the shape of x.
 */
export function modelOf(kind, batch) {
  if (!(kind in stacks)) throw new Error('not written as ONNX here');
  const { input, classes } = specs[kind];
  const shape = input.length === 3 ? [batch, input[2], input[0], input[1]] : [batch, ...input];
  const initializers = [];
  const nodes = [];
  let value = 'x';
  for (const [place, [layer, weight]] of stacks[kind].entries()) {
    const next = `after ${place}`;
    const names = weight === undefined ? [] : addWeights(initializers, weight);
    nodes.push(...nodesOf[layer](value, next, names));
    value = next;
  }
  nodes.push({ op: 'Softmax', inputs: [value], output: 'y', attributes: { axis: -1 } });
  const outputs = [{ name: 'y', shape: [batch, classes] }];
  return { model: onnxModel({ nodes, initializers, inputs: [{ name: 'x', shape }], outputs }), shape };
}

/** A weight and its bias, numbered as Keras numbers them; their names. */
function addWeights(initializers, shape) {
  return [shape, shape.slice(-1)].map((each) => {
    const place = initializers.length;
    const weight = { shape: each, data: weightOf(each, place) };
    const name = `weight ${place}`;
    initializers.push({ name, ...(each.length === 4 ? kernelOutputsFirst(weight) : weight) });
    return name;
  });
}
