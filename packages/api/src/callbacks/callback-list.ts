/** Calls all callbacks of a run in order: the user's, then History, then the progress bar. */

import type { Logs, Model } from '../engine/model.js';
import type { CallbackLike, CallbackParameters } from './callback.js';

type BatchHook = 'onTrainBatchEnd' | 'onTestBatchEnd' | 'onPredictBatchEnd';
type BatchBeginHook = 'onTrainBatchBegin' | 'onTestBatchBegin' | 'onPredictBatchBegin';
type RunHook = 'onTrainBegin' | 'onTrainEnd' | 'onTestBegin' | 'onTestEnd' | 'onPredictBegin' | 'onPredictEnd';

export class CallbackList {
  readonly #callbacks: readonly CallbackLike[];

  constructor(callbacks: readonly CallbackLike[], model: Model<never, unknown>, parameters: CallbackParameters) {
    this.#callbacks = callbacks;
    for (const callback of callbacks) {
      callback.setModel?.(model);
      callback.setParams?.(parameters);
    }
  }

  async run(hook: RunHook, logs: Logs = {}): Promise<void> {
    for (const callback of this.#callbacks) await callback[hook]?.(logs);
  }

  async epochBegin(epoch: number): Promise<void> {
    for (const callback of this.#callbacks) await callback.onEpochBegin?.(epoch, {});
  }

  async epochEnd(epoch: number, logs: Logs): Promise<void> {
    for (const callback of this.#callbacks) await callback.onEpochEnd?.(epoch, logs);
  }

  async batchBegin(hook: BatchBeginHook, batch: number): Promise<void> {
    for (const callback of this.#callbacks) await callback[hook]?.(batch, {});
  }

  /** Reads the logs only if a callback wants this batch. */
  async batchEnd(hook: BatchHook, batch: number, read: () => Promise<Logs>): Promise<void> {
    const interested = this.#callbacks.filter(
      (callback) => callback[hook] !== undefined && callback.wantsBatchEnd?.(batch) !== false,
    );
    if (interested.length === 0) return;
    const logs = await read();
    for (const callback of interested) await callback[hook]!(batch, logs);
  }
}
