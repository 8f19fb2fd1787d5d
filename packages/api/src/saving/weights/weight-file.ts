/** `.weights.h5`: a model's places as HDF5 groups, each with its variables under `vars`. */

import { tensor, type Variable } from '@ceratops/core';
import { convert } from '@ceratops/core/primitives';
import { CeratopsError, formatType, type HostArray, sameShape } from '@ceratops/kernel-registry';
import type { AnyLayer } from '../../engine/call-context.js';
import type { Hdf5Content, Hdf5Dataset, Hdf5Group } from '../hdf5/content.js';
import { readHdf5, writeHdf5 } from '../hdf5/hdf5.js';
import { optimizerAttribute, type Place, placesOf } from './layout.js';

/** @returns the bytes of a `.weights.h5` file with the current values. */
export async function encodeWeights(model: AnyLayer, subject: string): Promise<Uint8Array> {
  const groups: Hdf5Group[] = [];
  const pending: Promise<Hdf5Dataset>[] = [];
  for (const { path, name, variables } of placesOf(model)) {
    const prefix = varsPath(path);
    groups.push({ path: prefix, attributes: { name } });
    variables.forEach((variable, i) => {
      pending.push(datasetOf(`${prefix}/${i}`, variable));
    });
  }
  return writeHdf5({ groups, datasets: await Promise.all(pending) }, subject);
}

async function datasetOf(path: string, variable: Variable): Promise<Hdf5Dataset> {
  const { dtype, shape } = variable;
  const data = (await variable.value.data()).slice() as HostArray;
  return { path, dtype, shape, data, attributes: dtype === 'bfloat16' ? { dtype } : {} };
}

function varsPath(path: string): string {
  return path === '' ? '/vars' : `/${path}/vars`;
}

export interface LoadWeightsOptions {
  /** Leave variables as they are where the file has none, or one of another shape. */
  readonly skipMismatch?: boolean | undefined;
}

/**
 * Sets every weight of `model` from the bytes of a weight file. All of the file is checked first: when anything is missing
 * or of another shape, nothing has changed.
 * @throws CeratopsError MALFORMED_INPUT, SHAPE_MISMATCH.
 */
export async function decodeWeights(
  model: AnyLayer,
  bytes: Uint8Array,
  subject: string,
  options: LoadWeightsOptions = {},
): Promise<void> {
  assignWeights(model, await readHdf5(bytes, subject), subject, options);
}

/** The same from HDF5 content that has been read. */
export function assignWeights(
  model: AnyLayer,
  content: Hdf5Content,
  subject: string,
  { skipMismatch = false }: LoadWeightsOptions = {},
): void {
  const byGroup = groupDatasets(content);
  const assignments: { variable: Variable; dataset: Hdf5Dataset }[] = [];
  for (const place of placesOf(model)) {
    const stored = storedAt(place, byGroup, subject, skipMismatch);
    stored?.forEach((dataset, i) => {
      const variable = place.variables[i]!;
      if (sameShape(variable.shape, dataset.shape)) assignments.push({ variable, dataset });
      else if (!skipMismatch) throw shapeError(subject, variable, dataset);
    });
  }
  for (const { variable, dataset } of assignments) {
    const value = tensor(dataset.data, { shape: dataset.shape, dtype: dataset.dtype });
    variable.assign(dataset.dtype === variable.dtype ? value : convert(value, variable.dtype));
  }
}

/** Datasets by the group they are in, in the order of their numbers (not of their names: `10` comes after `9`). */
function groupDatasets(content: Hdf5Content): Map<string, Map<number, Hdf5Dataset>> {
  const groups = new Map<string, Map<number, Hdf5Dataset>>();
  for (const dataset of content.datasets) {
    const cut = dataset.path.lastIndexOf('/');
    const group = dataset.path.slice(0, cut);
    const index = Number(dataset.path.slice(cut + 1));
    if (!groups.has(group)) groups.set(group, new Map());
    groups.get(group)!.set(index, dataset);
  }
  return groups;
}

function storedAt(
  { path, name, variables }: Place,
  groups: ReadonlyMap<string, ReadonlyMap<number, Hdf5Dataset>>,
  subject: string,
  skipMismatch: boolean,
): readonly Hdf5Dataset[] | undefined {
  const stored = groups.get(varsPath(path));
  const count = stored?.size ?? 0;
  if (count === variables.length && variables.every((_, i) => stored!.has(i)))
    return variables.map((_, i) => stored!.get(i)!);
  if (skipMismatch || path.split('/')[0] === optimizerAttribute) return undefined;
  throw new CeratopsError('MALFORMED_INPUT', `the file does not fit '${name}' at ${varsPath(path)}`, {
    subject,
    expected: `${variables.length} variables`,
    received: `${count}`,
    remedy: 'the file belongs to a model of another structure; skipMismatch: true loads what fits',
  });
}

function shapeError(subject: string, variable: Variable, { path, dtype, shape }: Hdf5Dataset): CeratopsError {
  return new CeratopsError('SHAPE_MISMATCH', `${path} does not fit variable '${variable.path}'`, {
    subject,
    expected: formatType(variable),
    received: formatType({ dtype, shape }),
  });
}
