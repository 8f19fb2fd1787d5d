/** What runs in the page and, for comparison, in Node: a small model, its training, its memory. */

import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import * as ops from '@ceratops/api/ops';
import '@ceratops/backend-cpu';
import { memory, tensor } from '@ceratops/core';

export const x = Float32Array.from({ length: 64 * 8 * 8 }, (_, i) => Math.sin(i) * 0.5 + 0.5);
export const y = Int32Array.from({ length: 64 }, (_, i) => i % 3);

export function smallModel() {
  keras.setRandomSeed(3);
  const model = keras.Sequential([
    keras.Input([8, 8, 1]),
    layers.Conv2D(4, 3, { activation: 'relu' }),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dropout(0.2),
    layers.Dense(3, { activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
  return model;
}

/** Seeded, so that Node and the browser must agree. */
export async function train(): Promise<{ loss: number[]; prediction: number[]; threads: boolean }> {
  const model = smallModel();
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: 16, verbose: 0 });
  const prediction = await model.predict(x.subarray(0, 128), { verbose: 0 });
  return {
    loss: [...history.loss!],
    prediction: Array.from((await prediction.data()) as Float32Array),
    threads: typeof SharedArrayBuffer !== 'undefined',
  };
}

/** Live bytes after the first of many iterations, and the most at any later one. */
interface Watermark {
  first: number;
  peak: number;
}

function watermark(): { mark: Watermark; look(): void } {
  const mark = { first: 0, peak: 0 };
  return {
    mark,
    look() {
      const { liveBytes } = memory();
      mark.first ||= liveBytes;
      mark.peak = Math.max(mark.peak, liveBytes);
    },
  };
}

/** A fresh megabyte in each iteration, never disposed of. */
export async function eagerMemory(iterations: number): Promise<Watermark> {
  const { mark, look } = watermark();
  for (let i = 0; i < iterations; i++) {
    const values = tensor(new Float32Array(2 ** 18).fill(i));
    const sum = await ops.sum(ops.multiply(values, 2)).item();
    if (sum !== 2 ** 19 * i) throw new Error(`expected ${2 ** 19 * i}, received ${sum}`);
    look();
  }
  return mark;
}

export async function trainingMemory(steps: number): Promise<Watermark> {
  const { mark, look } = watermark();
  await smallModel().fit(x, y, {
    epochs: steps / 4,
    batchSize: 16,
    verbose: 0,
    callbacks: { onTrainBatchEnd: look },
  });
  return mark;
}
