/** One round of evaluation: what `evaluate` does, and `fit` after its epochs. */

import type { CallbackList } from '../callbacks/callback-list.js';
import type { Logs, Model } from '../engine/model.js';
import { type BatchSource, batchesOf, release, toDevice } from './batches.js';
import type { Compiled } from './compile.js';
import { Executions, wholeExecutions } from './executions.js';
import { readLogs, sortedLogs } from './logs.js';
import type { AbortSignalLike } from './options.js';
import { Pace } from './pace.js';
import { allMetrics } from './prepare.js';
import { checkSignal } from './run.js';
import type { Steps } from './steps.js';

type AnyModel = Model<never, unknown>;

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
  const { stepsPerExecution } = compiled.options;
  const executions = new Executions(callbacks, 'Test', stepsPerExecution, async () =>
    sortedLogs(await readLogs(model, compiled)),
  );
  let step = 0;
  for await (const next of batchesOf(source.round(), wholeExecutions(options.steps, stepsPerExecution))) {
    checkSignal(options.signal, 'evaluate');
    await executions.begin(step);
    const batch = toDevice(next, compiled.options.runEagerly);
    steps.test(batch);
    release(batch, next);
    await pace.step();
    await executions.end(++step);
  }
  await executions.finish(step);
  const logs = sortedLogs(await readLogs(model, compiled));
  await callbacks.run('onTestEnd', logs);
  return logs;
}
