/** `evaluate`: loss and metrics on data. */

import type { CallbackList } from '../callbacks/callback-list.js';
import type { Logs, Model } from '../engine/model.js';
import { type BatchSource, release, toDevice } from './batches.js';
import { evaluateChecks } from './check-options.js';
import type { Compiled } from './compile.js';
import { readLogs, sortedLogs } from './logs.js';
import type { AbortSignalLike, EvaluateOptions } from './options.js';
import { Pace } from './pace.js';
import { allMetrics, compiledOf, prepare } from './prepare.js';
import { readSource } from './read-data.js';
import { callbacksFor, checkSignal, dataArguments } from './run.js';
import type { Steps } from './steps.js';

type AnyModel = Model<never, unknown>;

export async function evaluate(model: AnyModel, x: unknown, rest: readonly unknown[]): Promise<Logs> {
  const { y, options } = dataArguments<EvaluateOptions>('evaluate', evaluateChecks, x, rest);
  const compiled = compiledOf(model, 'evaluate');
  const source = await readSource(model, x, y, options);
  const steps = await prepare(model, compiled, source.first);
  const settings = {
    callbacks: options.callbacks,
    verbose: options.verbose,
    epochs: 1,
    steps: options.steps ?? source.batches,
  };
  const callbacks = await callbacksFor(model, settings);
  return evaluateSource(model, compiled, steps, source, callbacks, options);
}

interface EvaluationOptions {
  readonly steps?: number | undefined;
  readonly signal?: AbortSignalLike | undefined;
  /** The pace of the run that this is a part of. */
  readonly pace?: Pace | undefined;
}

/** Evaluates one round of a source; also after the epochs of `fit`. */
export async function evaluateSource(
  model: AnyModel,
  compiled: Compiled,
  steps: Steps,
  source: BatchSource,
  callbacks: CallbackList,
  options: EvaluationOptions,
): Promise<Logs> {
  await callbacks.run('onTestBegin');
  for (const metric of allMetrics(model, compiled)) metric.resetState();
  const { pace = new Pace() } = options;
  const iterator = source.round();
  const limit = options.steps ?? Number.POSITIVE_INFINITY;
  for (let step = 0; step < limit; step++) {
    const next = await iterator.next();
    if (next.done === true) break;
    checkSignal(options.signal, 'evaluate');
    await callbacks.batchBegin('onTestBatchBegin', step);
    const batch = toDevice(next.value);
    steps.test(batch);
    release(batch, next.value);
    await pace.step();
    await callbacks.batchEnd('onTestBatchEnd', step, async () => sortedLogs(await readLogs(model, compiled)));
  }
  const logs = sortedLogs(await readLogs(model, compiled));
  await callbacks.run('onTestEnd', logs);
  return logs;
}
