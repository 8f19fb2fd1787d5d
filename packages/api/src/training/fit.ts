/** `fit`: epochs of steps, callbacks, validation. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { CallbackList } from '../callbacks/callback-list.js';
import { History } from '../callbacks/history.js';
import type { Model } from '../engine/model.js';
import { type Batch, type BatchSource, batchesOf, release, toDevice } from './batches.js';
import { fitChecks } from './check-options.js';
import type { Compiled } from './compile.js';
import { evaluateSource } from './evaluate-source.js';
import { Executions } from './executions.js';
import type { Validation } from './late/validation.js';
import { latePart } from './late-part.js';
import { readLogs, sortedLogs } from './logs.js';
import type { FitOptions } from './options.js';
import { Pace } from './pace.js';
import { allMetrics, compiledOf, prepare } from './prepare.js';
import { isDataset, readArrays, sourceOf, splitArrays, validationSource } from './read-data.js';
import { callbacksFor, checkSignal, dataArguments } from './run.js';
import type { Steps } from './steps.js';

type AnyModel = Model<never, unknown>;

interface Sources extends Validation {
  readonly training: BatchSource;
}

export async function fit(model: AnyModel, x: unknown, rest: readonly unknown[]): Promise<History> {
  const state = model.$model;
  if (state.fitting) {
    throw new CeratopsError('INVALID_STATE', 'fit is running already', {
      subject: `${model}`,
      remedy: 'await the first call',
    });
  }
  state.fitting = true;
  try {
    return await train(model, x, rest);
  } finally {
    state.fitting = false;
  }
}

async function train(model: AnyModel, x: unknown, rest: readonly unknown[]): Promise<History> {
  const { y, options } = dataArguments<FitOptions>('fit', fitChecks, x, rest);
  const compiled = compiledOf(model, 'fit');
  const { epochs = 1 } = options;
  const { training, validation, unlike } = await readSources(model, x, y, options);
  const steps = await prepare(model, compiled, training.first);
  if (unlike !== undefined) steps.check(unlike);
  const nextEpoch =
    options.stepsPerEpoch === undefined
      ? () => batchesOf(training.round())
      : (await latePart()).epochsOf(training, options.stepsPerEpoch, compiled.options.stepsPerExecution);
  const history = new History();
  const callbacks = await callbacksFor(
    model,
    {
      callbacks: options.callbacks,
      verbose: options.verbose,
      epochs,
      steps: options.stepsPerEpoch ?? training.batches,
    },
    [history],
  );
  model.history = history;
  model.stopTraining = false;
  const run: Run = { model, compiled, steps, callbacks, options, nextEpoch, pace: new Pace() };
  let logs: Record<string, number> = {};
  try {
    await callbacks.run('onTrainBegin');
    for (let epoch = options.initialEpoch ?? 0; epoch < epochs && !model.stopTraining; epoch++) {
      logs = await trainEpoch(run, epoch);
      if (validation !== undefined && validates(options.validationFreq, epoch)) {
        const results = await evaluateSource(model, compiled, steps, validation, callbacks, {
          steps: options.validationSteps,
          signal: options.signal,
          pace: run.pace,
        });
        for (const [name, value] of Object.entries(results)) logs[`val_${name}`] = value;
      }
      logs = sortedLogs(logs);
      await callbacks.epochEnd(epoch, logs);
    }
  } finally {
    compiled.optimizer?.finalizeVariableValues?.(model.trainableVariables);
  }
  await callbacks.run('onTrainEnd', logs);
  return history;
}

interface Run {
  readonly model: AnyModel;
  readonly compiled: Compiled;
  readonly steps: Steps;
  readonly callbacks: CallbackList;
  readonly options: FitOptions;
  /** The batches of the next epoch. */
  readonly nextEpoch: () => AsyncGenerator<Batch>;
  readonly pace: Pace;
}

async function trainEpoch(
  { model, compiled, steps, callbacks, options, nextEpoch, pace }: Run,
  epoch: number,
): Promise<Record<string, number>> {
  for (const metric of allMetrics(model, compiled)) metric.resetState();
  await callbacks.epochBegin(epoch);
  const executions = new Executions(callbacks, 'Train', compiled.options.stepsPerExecution, async () =>
    sortedLogs(await readLogs(model, compiled)),
  );
  let step = 0;
  for await (const batch of nextEpoch()) {
    checkSignal(options.signal, 'fit');
    await executions.begin(step);
    const onDevice = toDevice(batch, compiled.options.runEagerly);
    steps.train(onDevice);
    release(onDevice, batch);
    await pace.step();
    await executions.end(++step);
    if (model.stopTraining) break;
  }
  await executions.finish(step);
  checkSignal(options.signal, 'fit');
  if (step === 0)
    throw new CeratopsError('INVALID_ARGUMENT', 'the dataset ran out of data', {
      subject: `epoch ${epoch + 1} of fit`,
      remedy: 'give a function that starts a fresh generator: fit(() => batches())',
    });
  return readLogs(model, compiled);
}

function validates(frequency: number | readonly number[] = 1, epoch: number): boolean {
  return typeof frequency === 'number' ? (epoch + 1) % frequency === 0 : frequency.includes(epoch + 1);
}

async function readSources(model: AnyModel, x: unknown, y: unknown, options: FitOptions): Promise<Sources> {
  if (isDataset(x)) return (await latePart()).datasetSources(model, x, options);
  const { shuffle = true, validationSplit = 0, validationData } = options;
  const all = await readArrays(model, x, y, options.sampleWeight);
  const holdsOut = validationSplit !== 0 && validationData === undefined;
  const [trained, held] = holdsOut ? splitArrays(all, validationSplit) : [all];
  const data =
    options.classWeight === undefined ? trained : (await latePart()).withClassWeights('fit', trained, options);
  const training = sourceOf(data, { batchSize: options.batchSize, shuffle, steps: options.stepsPerEpoch });
  if (held !== undefined) return { training, validation: validationSource(held, options) };
  if (validationData === undefined) return { training, validation: undefined };
  const { readValidation } = await latePart();
  return { training, ...(await readValidation(model, options, data)) };
}
