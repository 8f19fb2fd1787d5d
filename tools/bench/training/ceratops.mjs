// @ts-check
/**
 * A contestant: builds a model, makes its first step, then trains an epoch whenever it is asked to.
 *
 *   node tools/bench/training/ceratops.mjs MODEL THREADS
 */

import * as keras from '@ceratops/api';
import { createCpuBackend } from '@ceratops/backend-cpu';
import { models, samples, setKnownWeights } from '../models/ceratops.mjs';
import { learnedIn, specs } from '../models/data.mjs';
import { answer, request } from '../support/answering.mjs';

const { build, data, batchSize, metrics, fit } = models[process.argv[2]];
const threads = Number(process.argv[3]);
const all = data();

const start = performance.now();
const backend = createCpuBackend({ threads });
const compiled = watchCompiles(backend);
keras.config.useBackend(backend);
keras.setRandomSeed(0);
const model = build();
model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy', metrics });
const first = samples(all, batchSize);
await model.trainOnBatch(first.x, first.y);
answer({
  firstStep: (performance.now() - start) / 1000,
  compile: compiled.seconds,
  compilePerOp: compiled.seconds / compiled.ops,
  prints: process.argv[2] in specs ? { step: learnedIn(await lossesOfSteps()) } : {},
});

let begun = 0;
const { x, y } = samples(all);
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
    onEpochEnd() {
      const epoch = (performance.now() - begun) / 1000;
      answer({ epoch, step: epoch / (all.count / batchSize) });
    },
  },
});

/** Of a fresh model with known weights. */
async function lossesOfSteps() {
  const known = build();
  setKnownWeights(known);
  known.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
  const losses = [];
  for (let i = 0; i < 3; i++) losses.push(Number((await known.trainOnBatch(first.x, first.y)).loss));
  return losses;
}

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
