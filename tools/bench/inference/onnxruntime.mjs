// @ts-check
/**
 * A contestant: predicts with a model of ONNX Runtime, a session for each batch size.
 *
 *   node tools/bench/inference/onnxruntime.mjs onnxruntime-web|onnxruntime-node MODEL THREADS
 */

import { specs } from '../models/data.mjs';
import { modelOf } from '../models/onnx.mjs';
import { openOnnxRuntime } from '../support/onnxruntime.mjs';
import { measurePredictions } from './measure.mjs';

const [library, kind, threads] = process.argv.slice(2);

await measurePredictions(kind, async () => {
  const { Tensor, session } = await openOnnxRuntime(/** @type {any} */ (library), Number(threads));
  const predictor = async (batch) => {
    const { model, dtype, shape } = modelOf(kind, batch);
    const inference = await session(model);
    return async (x) => (await inference.run({ x: new Tensor(dtype, x, shape) })).y.data;
  };
  return { batch: await predictor(specs[kind].batch), one: await predictor(1) };
});
