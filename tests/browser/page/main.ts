/** What the browser tests call: a small model, its training, its memory. */

import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import '@ceratops/backend-cpu';
import * as ops from '@ceratops/api/ops';
import { memory, tensor } from '@ceratops/core';

/** Seeded, so that Node and the browser must agree. */
async function train(): Promise<{ loss: number[]; prediction: number[]; threads: boolean }> {
  keras.setRandomSeed(3);
  const x = Float32Array.from({ length: 64 * 8 * 8 }, (_, i) => Math.sin(i) * 0.5 + 0.5);
  const y = Int32Array.from({ length: 64 }, (_, i) => i % 3);
  const model = keras.Sequential([
    keras.Input([8, 8, 1]),
    layers.Conv2D(4, 3, { activation: 'relu' }),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dropout(0.2),
    layers.Dense(3, { activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: 16, verbose: 0 });
  const prediction = await model.predict(x.subarray(0, 128), { verbose: 0 });
  return {
    loss: [...history['loss']!],
    prediction: Array.from((await prediction.data()) as Float32Array),
    threads: typeof SharedArrayBuffer !== 'undefined',
  };
}

/** @returns live bytes after the first step and the highest seen in the rest. */
async function eagerMemory(iterations: number): Promise<{ first: number; peak: number }> {
  let first = 0;
  let peak = 0;
  for (let i = 0; i < iterations; i++) {
    const x = tensor(new Float32Array(2 ** 18).fill(i));
    const [value] = (await ops.sum(ops.multiply(x, 2)).data()) as Float32Array;
    if (value !== 2 ** 19 * i) throw new Error(`expected ${2 ** 19 * i}, received ${value}`);
    const { liveBytes } = memory();
    if (i === 0) first = liveBytes;
    peak = Math.max(peak, liveBytes);
  }
  return { first, peak };
}

Object.assign(globalThis, { ready: true, train, eagerMemory });
