/** Calls all callbacks of a run in order: the user's, then History, then the progress bar. */

import { CeratopsError, nearest } from '@ceratops/kernel-registry';
import { isDefinedClass } from '../engine/define.js';
import type { Logs, Model } from '../engine/model.js';
import { show } from '../engine/show.js';
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

/** One or several callbacks as a list. @throws INVALID_ARGUMENT for what is none, or has a hook that there is not. */
export function listed(callbacks: CallbackLike | readonly CallbackLike[] | null | undefined): CallbackLike[] {
  const list = Array.isArray(callbacks) ? (callbacks as readonly CallbackLike[]) : [callbacks as CallbackLike];
  const given = list.filter((callback) => callback !== undefined && callback !== null);
  given.forEach(check);
  return given;
}

const watched = ['Epoch', 'Train', 'TrainBatch', 'Test', 'TestBatch', 'Predict', 'PredictBatch'];

function check(callback: unknown): void {
  if (typeof callback !== 'object' || callback === null) {
    throw new CeratopsError('INVALID_ARGUMENT', 'bad callback', {
      subject: 'callbacks',
      expected: 'objects with hooks, as in { onEpochEnd(epoch, logs) { … } }',
      received: isDefinedClass(callback) ? `the class ${callback.name}` : show(callback),
      remedy: isDefinedClass(callback) ? `write ${callback.name}()` : undefined,
    });
  }
  const hooks = watched.flatMap((what) => [`on${what}Begin`, `on${what}End`]);
  for (const name of namesOf(callback)) {
    const [near] = /^on[A-Z_]/.test(name) && !hooks.includes(name) ? nearest(name, hooks, 1) : [];
    if (near === undefined) continue;
    throw new CeratopsError('INVALID_ARGUMENT', `there is no hook '${name}'`, {
      subject: 'callbacks',
      remedy: `did you mean '${near}'?`,
    });
  }
}

/** Own and inherited names, without those of every object. */
function* namesOf(value: object): Generator<string> {
  for (let level: object = value; level !== Object.prototype && level !== null; level = Object.getPrototypeOf(level)) {
    yield* Object.getOwnPropertyNames(level);
  }
}
