/** Single steps: `trainOnBatch`, `testOnBatch`, `predictOnBatch`. */

import type { Logs, Model, OnBatchOptions } from '../../engine/model.js';
import { release, toDevice } from '../batches.js';
import { buildOn, isBuilt } from '../build.js';
import { readLogs, sortedLogs } from '../logs.js';
import { predictFunction } from '../predict.js';
import { allMetrics, buildOptimizer, compiledOf, prepare } from '../prepare.js';
import { readArrays } from '../read-data.js';
import { withClassWeights } from './class-weights.js';

type AnyModel = Model<never, unknown>;

export function trainOnBatch(model: AnyModel, x: unknown, y: unknown, options: OnBatchOptions): Promise<Logs> {
  return onBatch(model, 'train', x, y, options);
}

export function testOnBatch(model: AnyModel, x: unknown, y: unknown, options: OnBatchOptions): Promise<Logs> {
  return onBatch(model, 'test', x, y, options);
}

async function onBatch(
  model: AnyModel,
  kind: 'train' | 'test',
  x: unknown,
  y: unknown,
  options: OnBatchOptions,
): Promise<Logs> {
  const compiled = compiledOf(model, `${kind}OnBatch`);
  const data = await readArrays(model, x, y, options.sampleWeight);
  const batch = withClassWeights(`${kind}OnBatch`, data, options);
  const steps = await prepare(model, compiled, () => batch);
  for (const metric of allMetrics(model, compiled)) metric.resetState();
  const onDevice = toDevice(batch, compiled.options.runEagerly);
  steps[kind](onDevice);
  release(onDevice, batch);
  return sortedLogs(await readLogs(model, compiled));
}

export async function predictOnBatch(model: AnyModel, x: unknown): Promise<unknown> {
  const data = await readArrays(model, x);
  if (!isBuilt(model)) buildOn(model, data.x);
  const batch = toDevice(data);
  const outputs = predictFunction(model)(batch.x);
  release(batch, data);
  return outputs;
}

/** The optimizer of a compiled model, with its slots when the model is built. */
export async function resolveOptimizerOf(model: AnyModel): Promise<void> {
  const { compiled } = model.$model;
  if (compiled !== undefined) await buildOptimizer(model, compiled);
}
