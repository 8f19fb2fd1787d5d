/** What `fit` validates on where it is told: `validationData`, arrays or a dataset. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { Model } from '../../engine/model.js';
import { show } from '../../engine/show.js';
import type { BatchSource } from '../batches.js';
import type { FitOptions } from '../options.js';
import { type ArrayData, cut, isDataset, leavesOf, readArrays, validationSource } from '../read-data.js';
import { datasetSource } from './datasets.js';

export interface Validation {
  readonly validation: BatchSource | undefined;
  /** A sample of arrays that are not like the training data: to be checked before training. */
  readonly unlike?: ArrayData | undefined;
}

/** @param trained the training data, where that is arrays. */
export async function readValidation(
  model: Model<never, unknown>,
  options: FitOptions,
  trained: ArrayData | undefined,
): Promise<Validation> {
  const { validationData } = options;
  if (validationData === undefined || validationData === null) return { validation: undefined };
  if (isDataset(validationData)) return { validation: datasetSource(model, validationData) };
  if (!Array.isArray(validationData) || validationData.length < 2 || validationData.length > 3) {
    throw new CeratopsError('INVALID_ARGUMENT', 'bad validationData', {
      subject: 'fit',
      expected: '[x, y], [x, y, sampleWeight] or a dataset',
      received: show(validationData),
    });
  }
  const [x, y, sampleWeight] = validationData as readonly unknown[];
  const arrays = await readArrays(model, x, y, sampleWeight);
  const unlike = trained === undefined || typesOf(trained) !== typesOf(arrays) ? cut(arrays, 0, 1) : undefined;
  return { validation: validationSource(arrays, options), unlike };
}

/** The dtypes and shapes of the samples. */
function typesOf({ x, y, sampleWeight }: ArrayData): string {
  return leavesOf([x, y, sampleWeight])
    .map(({ dtype, shape }) => `${dtype} ${shape.slice(1)}`)
    .join();
}
