/** The worker that computes for the page fails during a fit. */

import * as ops from '@ceratops/api/ops';
import { memory, tensor } from '@ceratops/core';
import { smallModel, x, y } from './work.js';

interface PageWorker {
  terminate(): void;
  dispatchEvent(event: object): void;
}

const page = globalThis as unknown as {
  Worker: new (url: string, options: object) => PageWorker;
  readonly ErrorEvent: new (type: 'error', options: { readonly message: string }) => object;
};

const workers: PageWorker[] = [];
page.Worker = class extends page.Worker {
  constructor(url: string, options: object) {
    super(url, options);
    workers.push(this);
  }
};

export interface Aftermath {
  /** What became of each call, in order. */
  readonly calls: readonly (readonly [call: string, outcome: unknown])[];
  /** Of one model before the failure, and after it was given its weights again. */
  readonly predictions: readonly number[][];
  readonly liveBytes: number;
}

const quiet = { batchSize: 16, verbose: 0 } as const;

/** @param dies whether the worker ends, or goes on after an error that nobody caught. */
export async function failWorker(dies: boolean): Promise<Aftermath> {
  const model = smallModel();
  await model.fit(x, y, quiet);
  const weights = await Promise.all(model.getWeights().map(async (w) => tensor(await w.data(), { shape: w.shape })));
  const predict = async () =>
    Array.from((await (await model.predict(x.subarray(0, 128), { verbose: 0 })).data()) as Float32Array);
  const predictions = [await predict()];
  const calls: [string, unknown][] = [];
  const attempt = async (name: string, call: () => unknown): Promise<void> => {
    try {
      calls.push([name, await call()]);
    } catch (error) {
      calls.push([name, (error as { readonly code?: string }).code ?? String(error)]);
    }
  };
  const fail = () => {
    const worker = workers.at(-1)!;
    if (dies) worker.terminate();
    worker.dispatchEvent(new page.ErrorEvent('error', { message: 'out of memory' }));
  };
  const kill = { onTrainBatchBegin: (batch: number) => void (batch === 2 && fail()) };
  await attempt(
    'fit',
    async () => (await model.fit(x, y, { ...quiet, epochs: 2, callbacks: kill })).history.loss!.length,
  );
  await attempt('sum', () => ops.sum(ops.ones([1000])).item());
  await attempt('predict', async () => (await predict()).length);
  const { liveBytes } = memory();
  model.setWeights(weights);
  predictions.push(await predict());
  return { calls, predictions, liveBytes };
}
