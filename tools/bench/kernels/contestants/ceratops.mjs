// @ts-check
/** Ceratops: each case a jitted function, on arrays that stay on the device. */

import * as ops from '@ceratops/api/ops';
import { createCpuBackend } from '@ceratops/backend-cpu';
import { jit, tensor, useBackend, vjp } from '@ceratops/core';
import { convolution, dotGeneral } from '@ceratops/core/primitives';

const channelsLast = {
  ...{ lhsDilation: [1, 1], rhsDilation: [1, 1], windowReversal: [false, false], batchGroupCount: 1 },
  ...{ inputBatchDimension: 0, inputFeatureDimension: 3, inputSpatialDimensions: [1, 2] },
  ...{ kernelInputFeatureDimension: 2, kernelOutputFeatureDimension: 3, kernelSpatialDimensions: [0, 1] },
  ...{ outputBatchDimension: 0, outputFeatureDimension: 3, outputSpatialDimensions: [1, 2] },
  ...{ precision: 'default', dtype: 'float32' },
};

const convolve =
  ({ stride, pad, groups }) =>
  (x, w) =>
    convolution(x, w, {
      ...channelsLast,
      windowStrides: [stride, stride],
      padding: [
        [pad, pad],
        [pad, pad],
      ],
      featureGroupCount: groups,
    });

const scaleShift = (x, a, b) => ops.add(ops.multiply(x, a), b);

/** What to compute of the inputs, by op. */
const functions = {
  product: ({ transposed: [a, b] }) => {
    const contracting = [[a ? 0 : 1], [b ? 1 : 0]];
    return (x, y) => dotGeneral(x, y, { contracting });
  },
  convolution: (kernel) => convolve(kernel),
  inputGradient: (kernel) => (x, w, d) => vjp((v) => convolve(kernel)(v, w), x)[1](d),
  kernelGradient: (kernel) => (x, w, d) => vjp((v) => convolve(kernel)(x, v), w)[1](d),
  scaleShift: () => scaleShift,
  geluChain: () => (x, a, b) => ops.gelu(scaleShift(x, a, b), { approximate: true }),
  softmax: () => (x) => ops.softmax(x),
  layerNorm: () => (x, gamma, beta) => ops.layerNormalization(x, { gamma, beta, axis: -1, epsilon: 1e-3 }),
  sum: () => (x) => ops.sum(x),
};

/** @param {number} threads */
export function open(threads) {
  const backend = createCpuBackend({ threads });
  useBackend(backend);
  return (kernel, inputs) => {
    const compute = jit(functions[kernel.op](kernel));
    const arrays = inputs.map(({ shape, data }) => tensor(data, { shape }));
    const outputs = () => [compute(...arrays)].flat();
    return {
      run() {
        for (const output of outputs()) output.dispose();
        return backend.synchronize();
      },
      result: () => outputs()[0].data(),
    };
  };
}
