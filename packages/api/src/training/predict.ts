/** `predict`: the outputs for data of any length. */

import type { Tensor } from '@ceratops/core';
import { concatenate } from '@ceratops/core/primitives';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { CallbackList } from '../callbacks/callback-list.js';
import type { Model } from '../engine/model.js';
import { flatten, packAs } from '../engine/tree.js';
import { type BatchSource, batchesOf, release, toDevice } from './batches.js';
import { buildOn, isBuilt } from './build.js';
import { checkOptions, predictChecks } from './check-options.js';
import { Executions, wholeExecutions } from './executions.js';
import type { PredictOptions } from './options.js';
import { Pace } from './pace.js';
import { readSource } from './read-data.js';
import { callbacksFor, checkSignal } from './run.js';
import { predictStep } from './steps.js';

type AnyModel = Model<never, unknown>;

export async function predict(model: AnyModel, x: unknown, given: PredictOptions): Promise<unknown> {
  const options = checkOptions('predict', predictChecks, given, 'predict(x, { … })');
  const source = await readSource(model, x, undefined, options);
  // A graph that was predicted with has its weights; walking all layers again would cost more than a small model's kernels.
  if (!isTraced(model) && !isBuilt(model)) buildOn(model, (await source.first()).x);
  const settings = {
    callbacks: options.callbacks,
    verbose: options.verbose ?? 0,
    epochs: 1,
    steps: options.steps ?? source.batches,
  };
  const callbacks = await callbacksFor(model, settings);
  await callbacks.run('onPredictBegin');
  const outputs = await predictSource(model, source, options, callbacks);
  await callbacks.run('onPredictEnd');
  return outputs;
}

async function predictSource(
  model: AnyModel,
  source: BatchSource,
  options: PredictOptions,
  callbacks: CallbackList,
): Promise<unknown> {
  const step = predictFunction(model);
  const pace = new Pace();
  const parts: Tensor[][] = [];
  let structure: unknown;
  const { stepsPerExecution } = model.$model.compiled?.options ?? {};
  const executions = new Executions(callbacks, 'Predict', stepsPerExecution, async () => ({}));
  for await (const given of batchesOf(source.round(), wholeExecutions(options.steps, stepsPerExecution))) {
    checkSignal(options.signal, 'predict');
    await executions.begin(parts.length);
    const batch = toDevice(given);
    structure = step(batch.x);
    release(batch, given);
    parts.push(flatten<Tensor>(structure));
    await pace.step();
    await executions.end(parts.length);
  }
  await executions.finish(parts.length);
  if (parts.length === 0)
    throw new CeratopsError('INVALID_ARGUMENT', 'no data', { subject: 'predict', expected: 'at least one batch' });
  const joined = parts[0]!.map((first, i) =>
    parts.length === 1
      ? first
      : concatenate(
          parts.map((part) => part[i]!),
          0,
        ),
  );
  return packAs(structure, joined);
}

/** Traced once per model; a changed graph (Sequential.add) needs a new one. */
const functions = new WeakMap<object, { graph: unknown; step: (x: unknown) => unknown }>();

function isTraced(model: AnyModel): boolean {
  const { graph } = model.$model;
  return graph !== undefined && functions.get(model)?.graph === graph;
}

export function predictFunction(model: AnyModel): (x: unknown) => unknown {
  const { graph } = model.$model;
  let known = functions.get(model);
  if (known === undefined || known.graph !== graph) {
    known = { graph, step: predictStep(model) };
    functions.set(model, known);
  }
  return known.step;
}
