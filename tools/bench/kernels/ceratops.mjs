// @ts-check
/**
 * A contestant: products, convolutions and their gradients, each a program of its own, straight on the backend.
 *
 *   node tools/bench/kernels/ceratops.mjs THREADS
 */

import { createCpuBackend } from '@ceratops/backend-cpu';
import { makeProgram, vjp } from '@ceratops/core';
import { convolution, dotGeneral } from '@ceratops/core/primitives';
import { inputTypes, outputTypes, sizeOf } from '@ceratops/kernel-registry';
import { answer, request } from '../support/answering.mjs';
import { timeOf } from '../support/statistics.mjs';
import { convolutions, operationsOf, products } from './shapes.mjs';

const backend = createCpuBackend({ threads: Number(process.argv[2]) });
const float = (...shape) => ({ dtype: 'float32', shape });
let ids = 0;

const product = ({ m, n, k }) => ({
  '': makeProgram((a, b) => dotGeneral(a, b, { contracting: [[1], [0]] }), float(m, k), float(k, n)),
});

const channelsLast = {
  ...{ windowStrides: [1, 1], lhsDilation: [1, 1], rhsDilation: [1, 1], windowReversal: [false, false] },
  padding: [
    [0, 0],
    [0, 0],
  ],
  ...{ inputBatchDimension: 0, inputFeatureDimension: 3, inputSpatialDimensions: [1, 2] },
  ...{ kernelInputFeatureDimension: 2, kernelOutputFeatureDimension: 3, kernelSpatialDimensions: [0, 1] },
  ...{ outputBatchDimension: 0, outputFeatureDimension: 3, outputSpatialDimensions: [1, 2] },
  ...{ featureGroupCount: 1, batchGroupCount: 1, precision: 'default', dtype: 'float32' },
};

function convolutionPrograms({ batch, size, inputs, outputs, kernel }) {
  const side = size - kernel + 1;
  const x = float(batch, size, size, inputs);
  const w = float(kernel, kernel, inputs, outputs);
  const y = float(batch, side, side, outputs);
  const convolve = (a, b) => convolution(a, b, channelsLast);
  return {
    ' forward': makeProgram(convolve, x, w),
    ' input gradient': makeProgram((a, b, d) => vjp((v) => convolve(v, b), a)[1](d), x, w, y),
    ' kernel gradient': makeProgram((a, b, d) => vjp((v) => convolve(a, v), b)[1](d), x, w, y),
  };
}

/** A function that runs the program once, on data of its own. */
function runner(program) {
  const executable = backend.compile(program);
  const inputs = inputTypes(program).map((type) => {
    const id = ++ids;
    backend.write(
      id,
      type,
      Float32Array.from({ length: sizeOf(type.shape) }, () => Math.random() - 0.5),
    );
    return id;
  });
  return async () => {
    const outputs = outputTypes(program).map(() => ++ids);
    executable.execute({ inputs, outputs });
    await backend.synchronize();
    backend.free(outputs);
  };
}

const cases = [];
const add = (shape, programs) => {
  for (const [what, program] of Object.entries(programs))
    cases.push({ name: shape.name + what, operations: operationsOf(shape), run: runner(program) });
};
for (const shape of products) add(shape, product(shape));
for (const shape of convolutions) add(shape, convolutionPrograms(shape));

answer({});
for (;;) {
  await request();
  const rates = {};
  for (const { name, operations, run } of cases) rates[name] = operations / (await timeOf(run, 0.05)) / 1e9;
  answer(rates);
}
