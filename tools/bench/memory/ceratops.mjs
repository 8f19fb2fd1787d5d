// @ts-check
/**
 * The most bytes that ever live on the device: after the first training step or eager iteration, and after a thousand more. No
 * flags, nothing disposed.
 *
 *   node tools/bench/memory/ceratops.mjs training|eager
 */

import * as keras from '@ceratops/api';
import { createCpuBackend } from '@ceratops/backend-cpu';
import { defaultSlackBytes, tensor } from '@ceratops/core';
import { add } from '@ceratops/core/primitives';
import { models } from '../models/ceratops.mjs';
import { answer, request } from '../support/answering.mjs';

const backend = createCpuBackend();
keras.config.useBackend(backend);
const iterations = 1000;

async function training() {
  const { build, data, batchSize } = models.mlp;
  const { x, y } = data();
  const model = build();
  model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] });
  const options = { batchSize, verbose: 0 };
  const pixels = x.length / y.length;
  await model.fit(x.subarray(0, batchSize * pixels), y.subarray(0, batchSize), options);
  const first = backend.memory().peakBytes;
  const epochs = Math.ceil((iterations * batchSize) / y.length);
  await model.fit(x, y, { ...options, epochs });
  return first;
}

async function eager() {
  const held = tensor(new Float32Array(2 ** 18));
  const iteration = () => add(held, tensor(new Float32Array(2 ** 18).fill(1))).data();
  await iteration();
  const first = backend.memory().peakBytes;
  for (let i = 0; i < iterations; i++) await iteration();
  return first;
}

const first = await { training, eager }[process.argv[2]]();
answer({ first, peak: backend.memory().peakBytes, budget: defaultSlackBytes });
await request();
