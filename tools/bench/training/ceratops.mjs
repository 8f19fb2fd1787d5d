// @ts-check
/**
 * A contestant: builds a model, makes its first step, then trains an epoch whenever it is asked to.
 *
 *   node tools/bench/training/ceratops.mjs MODEL THREADS
 */

import * as keras from '@ceratops/api';
import { createCpuBackend } from '@ceratops/backend-cpu';
import { answer, request } from '../support/answering.mjs';
import { models } from './models.mjs';

const { build, data, batchSize, metrics, fit } = models[process.argv[2]];
const threads = Number(process.argv[3]);
const { x, y } = data();
const sample = x.length / y.length;
const first = [x.subarray(0, batchSize * sample), y.subarray(0, batchSize)];

const start = performance.now();
const backend = createCpuBackend({ threads });
const compiled = watchCompiles(backend);
keras.config.useBackend(backend);
keras.setRandomSeed(0);
const model = build();
model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy', metrics });
await model.trainOnBatch(...first);
answer({
  firstStep: (performance.now() - start) / 1000,
  compile: compiled.seconds,
  compilePerOp: compiled.seconds / compiled.ops,
});

let begun = 0;
await model.fit(x, y, {
  ...fit,
  batchSize,
  epochs: 1_000_000,
  verbose: 0,
  callbacks: {
    async onEpochBegin() {
      await request();
      begun = performance.now();
    },
    onEpochEnd: () => answer({ epoch: (performance.now() - begun) / 1000 }),
  },
});

/** Adds up how long the backend compiles, and how many ops. */
function watchCompiles(device) {
  const total = { seconds: 0, ops: 0 };
  const compile = device.compile.bind(device);
  device.compile = (program, options) => {
    const from = performance.now();
    const executable = compile(program, options);
    total.seconds += (performance.now() - from) / 1000;
    total.ops += program.instructions.length;
    return executable;
  };
  return total;
}
