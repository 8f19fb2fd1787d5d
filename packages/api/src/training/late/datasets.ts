/** Datasets: batches from iterables, taken as they come. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { Model } from '../../engine/model.js';
import { show } from '../../engine/show.js';
import type { Batch, BatchSource } from '../batches.js';
import type { FitOptions } from '../options.js';
import { readParts } from '../read-data.js';
import { readValidation, type Validation } from './validation.js';

type AnyModel = Model<never, unknown>;

export function datasetSource(model: AnyModel, data: unknown): BatchSource {
  return iterableSource(data, (batch) => readBatch(model, batch));
}

/** What `fit` trains and validates on when it is given a dataset. */
export async function datasetSources(
  model: AnyModel,
  data: unknown,
  options: FitOptions,
): Promise<Validation & { readonly training: BatchSource }> {
  const refused = (['batchSize', 'validationSplit', 'sampleWeight', 'classWeight'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (refused !== undefined)
    throw new CeratopsError('INVALID_ARGUMENT', `'${refused}' does not go with a dataset`, {
      subject: 'fit',
      remedy: 'the dataset yields batches [x, y, sampleWeight]',
    });
  const validation = await readValidation(model, options, undefined);
  return { ...validation, training: datasetSource(model, data) };
}

/** One batch of a dataset: [x], [x, y], [x, y, sampleWeight], or x alone. */
async function readBatch(model: AnyModel, batch: unknown): Promise<Batch> {
  const parts = Array.isArray(batch) ? (batch as readonly unknown[]) : [batch];
  if (parts.length > 3 || parts.length === 0) {
    throw new CeratopsError('INVALID_ARGUMENT', 'bad batch', {
      subject: 'dataset',
      expected: '[x], [x, y] or [x, y, sampleWeight]',
      received: `an array of ${parts.length}`,
      remedy: 'a list of inputs is one element: [[x1, x2], y]',
    });
  }
  return readParts(model, parts[0], parts[1], parts[2]);
}

/** Takes batches from an iterable; a function is called for each round. */
function iterableSource(data: unknown, read: (batch: unknown) => Promise<Batch>): BatchSource {
  let started: AsyncIterator<Batch> | undefined;
  let waiting: Batch | undefined;
  async function* start(): AsyncGenerator<Batch> {
    const iterable: unknown = typeof data === 'function' ? await (data as () => unknown)() : data;
    if (!isIterable(iterable)) {
      throw new CeratopsError('INVALID_ARGUMENT', 'the function gave no batches', {
        subject: 'dataset',
        expected: 'an iterable of batches, as in function* () { yield [x, y]; }',
        received: show(iterable),
      });
    }
    for await (const batch of iterable) yield await read(batch);
  }
  async function* round(): AsyncGenerator<Batch> {
    const iterator = started ?? start();
    started = undefined;
    if (waiting !== undefined) yield waiting;
    waiting = undefined;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  const first = async (): Promise<Batch> => {
    if (waiting !== undefined) return waiting;
    started = start();
    const next = await started.next();
    if (next.done === true)
      throw new CeratopsError('INVALID_ARGUMENT', 'it is empty', {
        subject: 'dataset',
        expected: 'at least one batch',
      });
    waiting = next.value;
    return waiting;
  };
  return { batches: undefined, round, first };
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
