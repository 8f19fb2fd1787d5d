/** Single steps: `trainOnBatch`, `testOnBatch`, `predictOnBatch`. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { Logs, Model, OnBatchOptions } from '../engine/model.js';
import { release, toDevice } from './batches.js';
import { buildOn, isBuilt } from './build.js';
import { readLogs, sortedLogs } from './logs.js';
import { predictFunction } from './predict.js';
import { allMetrics, compiledOf, prepareBatch } from './prepare.js';
import { classWeights, readArrays } from './read-data.js';

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
  const { sampleWeight, classWeight } = options;
  if (sampleWeight !== undefined && classWeight !== undefined) {
    throw new CeratopsError('INVALID_ARGUMENT', 'classWeight and sampleWeight exclude each other', {
      subject: `${kind}OnBatch`,
    });
  }
  const data = await readArrays(model, x, y, sampleWeight);
  const batch = classWeight === undefined ? data : { ...data, sampleWeight: classWeights(data.y, classWeight) };
  const steps = await prepareBatch(model, compiled, batch);
  for (const metric of allMetrics(model, compiled)) metric.resetState();
  const onDevice = toDevice(batch);
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
