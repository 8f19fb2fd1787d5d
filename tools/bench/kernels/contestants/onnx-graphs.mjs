// @ts-check
/** Each case as ONNX nodes from the inputs x, w (or a), d (or b) to y. ONNX convolves NCHW by OIHW. */

import { channelsFirst, channelsLast, kernelOutputsFirst } from '../../support/layouts.mjs';

const windows = ({ stride, pad, groups }) => ({
  strides: [stride, stride],
  pads: [pad, pad, pad, pad],
  group: groups,
});

/** The nodes of a product, whose factors may be stored transposed. Gemm takes that as attributes; a plain product is a MatMul. */
const product = ({ transposed: [a, b] }) =>
  a || b
    ? [{ op: 'Gemm', inputs: ['0', '1'], outputs: ['y'], attributes: { transA: Number(a), transB: Number(b) } }]
    : [{ op: 'MatMul', inputs: ['0', '1'], outputs: ['y'] }];

const scaleShift = (output) => [
  { op: 'Mul', inputs: ['0', '1'], outputs: ['scaled'] },
  { op: 'Add', inputs: ['scaled', '2'], outputs: [output] },
];

const nodes = {
  product,
  convolution: (kernel) => [{ op: 'Conv', inputs: ['0', '1'], outputs: ['y'], attributes: windows(kernel) }],
  inputGradient: (kernel) => [{ op: 'ConvTranspose', inputs: ['2', '1'], outputs: ['y'], attributes: windows(kernel) }],
  scaleShift: () => scaleShift('y'),
  geluChain: () => [
    ...scaleShift('shifted'),
    { op: 'Gelu', inputs: ['shifted'], outputs: ['y'], attributes: { approximate: 'tanh' } },
  ],
  softmax: () => [{ op: 'Softmax', inputs: ['0'], outputs: ['y'], attributes: { axis: -1 } }],
  layerNorm: () => [
    {
      op: 'LayerNormalization',
      inputs: ['0', '1', '2'],
      outputs: ['y'],
      attributes: { axis: -1, epsilon: { float: 1e-3 } },
    },
  ],
  sum: () => [{ op: 'ReduceSum', inputs: ['0'], outputs: ['y'], attributes: { keepdims: 0 } }],
};

const shapes = {
  product: ({ transposed: [a, b] }, [x, y]) => [x.shape[a ? 1 : 0], y.shape[b ? 0 : 1]],
  convolution: ({ stride, pad, inputs: [, w] }, [x]) => {
    const side = Math.floor((x.shape[2] + 2 * pad - w[0]) / stride) + 1;
    return [x.shape[0], w[3], side, side];
  },
  inputGradient: (_, [x]) => x.shape,
  sum: () => [],
};

/**
 * @param {import('../cases.mjs').Case} kernel
 * @param {readonly import('../contestant.mjs').Input[]} inputs
 */
export function onnxGraph(kernel, inputs) {
  const build = nodes[kernel.op];
  if (build === undefined) throw new Error('ONNX has no gradients');
  const isImage = kernel.stride !== undefined;
  const arrays = inputs.map((input, place) =>
    !isImage ? input : place === 1 ? kernelOutputsFirst(input) : channelsFirst(input),
  );
  const shape = shapes[kernel.op]?.(kernel, arrays) ?? arrays[0].shape;
  const body = build(kernel);
  const used = new Set(body.flatMap((node) => node.inputs));
  return {
    nodes: body,
    initializers: arrays
      .map((array, place) => ({ name: String(place), ...array }))
      .filter(({ name }) => used.has(name)),
    shape,
    restore: (data) => (isImage ? channelsLast({ shape, data }).data : data),
  };
}
