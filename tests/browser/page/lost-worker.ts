/** The worker that computes for the page dies during a fit. */

import * as ops from '@ceratops/api/ops';
import { memory, tensor } from '@ceratops/core';
import { smallModel, x, y } from './work.js';

interface PageWorker {
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
  /** Of one model before, and after it was given its weights again. */
  readonly predictions: readonly number[][];
  readonly liveBytes: number;
}

export async function loseWorker(): Promise<Aftermath> {
  const model = smallModel();
  await model.fit(x, y, { batchSize: 16, verbose: 0 });
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
  const fail = () => workers.at(-1)!.dispatchEvent(new page.ErrorEvent('error', { message: 'out of memory' }));
  const kill = { onTrainBatchBegin: (batch: number) => void (batch === 2 && fail()) };
  await attempt('fit', () => model.fit(x, y, { batchSize: 16, epochs: 2, verbose: 0, callbacks: kill }));
  await attempt('sum', () => ops.sum(ops.ones([1000])).item());
  await attempt('predict', predict);
  const { liveBytes } = memory();
  model.setWeights(weights);
  predictions.push(await predict());
  return { calls, predictions, liveBytes };
}
