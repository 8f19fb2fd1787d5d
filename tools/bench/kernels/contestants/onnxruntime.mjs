// @ts-check
/**
 * ONNX Runtime. At every call it copies inputs in and outputs out, which is no part of the kernels: so all arrays are constants here
 * (factors that stay the same are also laid out in advance, as in a model), and only one element comes out.
 */

import { onnxModel } from '../../support/onnx-model.mjs';
import { openOnnxRuntime } from '../../support/onnxruntime.mjs';
import { onnxGraph } from './onnx-graphs.mjs';

const integers = (name, values) => ({ name, shape: [values.length], data: BigInt64Array.from(values, BigInt) });

/** Lets one element of y out. */
const thin = {
  nodes: [
    { op: 'Reshape', inputs: ['y', 'flat'], outputs: ['all'] },
    { op: 'Slice', inputs: ['all', 'start', 'end'], outputs: ['first'] },
  ],
  initializers: [integers('flat', [-1]), integers('start', [0]), integers('end', [1])],
};

/** @param {'onnxruntime-web' | 'onnxruntime-node'} library */
export function opener(library) {
  return async (threads) => {
    const { session } = await openOnnxRuntime(library, threads);
    return async (kernel, inputs) => {
      const { nodes, initializers, shape, restore } = onnxGraph(kernel, inputs);
      const whole = await session(
        onnxModel({ nodes, initializers, inputs: [], outputs: [{ name: 'y', shape }] }),
        false,
      );
      const data = restore((await whole.run({})).y.data);
      await whole.release();
      const model = onnxModel({
        nodes: [...nodes, ...thin.nodes],
        initializers: [...initializers, ...thin.initializers],
        inputs: [],
        outputs: [{ name: 'first', shape: [1] }],
      });
      const measured = await session(model, false);
      return { run: () => measured.run({}), result: () => data };
    };
  };
}
