// @ts-check
/**
 * A contestant: predicts with a model of Ceratops.
 *
 *   node tools/bench/inference/ceratops.mjs MODEL THREADS
 */

import * as keras from '@ceratops/api';
import { createCpuBackend } from '@ceratops/backend-cpu';
import { models, setKnownWeights } from '../models/ceratops.mjs';
import { measurePredictions } from './measure.mjs';

const [kind, threads] = process.argv.slice(2);

await measurePredictions(kind, async () => {
  const { build, batchSize } = models[kind];
  const backend = createCpuBackend({ threads: Number(threads) });
  const busy = watchKernels(backend);
  keras.config.useBackend(backend);
  const model = build();
  setKnownWeights(model);
  const predict = async (x) => (await model.predict(x, { batchSize, verbose: 0 })).data();
  return { batch: predict, one: predict, takesMany: true, busy: () => busy.seconds };
});

/** Adds up how long the backend's programs run; in Node they do so within the call. */
function watchKernels(device) {
  const total = { seconds: 0 };
  const compile = device.compile.bind(device);
  device.compile = (program, options) => {
    const executable = compile(program, options);
    const execute = executable.execute.bind(executable);
    executable.execute = (call) => {
      const start = performance.now();
      execute(call);
      total.seconds += (performance.now() - start) / 1000;
    };
    return executable;
  };
  return total;
}
