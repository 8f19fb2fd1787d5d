/**
 * Turns what a caller gave `fit`, `evaluate` or `predict` into batch sources. Tensors and typed arrays are read here; lists,
 * records, nested arrays and datasets by what loads late. A flat typed array takes its shape from the model's input.
 */

import { isTensor } from '@ceratops/core';
import { CeratopsError, type Shape, sizeOf } from '@ceratops/kernel-registry';
import { assertCompatible } from '../engine/input-spec.js';
import { formatShape, type KerasTensor } from '../engine/keras-tensor.js';
import type { Model } from '../engine/model.js';
import { flatten } from '../engine/tree.js';
import { arraySource, type Batch, type BatchSource, mapHost } from './batches.js';
import { dtypeOfArray, HostTensor, isTypedArray, sliceRows } from './host-data.js';
import { latePart } from './late-part.js';
import type { EvaluateOptions, FitOptions } from './options.js';

type AnyModel = Model<never, unknown>;

/** Whole arrays in host memory. */
export interface ArrayData extends Batch {
  readonly samples: number;
}

export interface SourceOptions {
  readonly batchSize?: number | undefined;
  readonly shuffle?: boolean | 'batch' | undefined;
  readonly steps?: number | undefined;
}

/** True for (async) iterables of batches and functions that make them; arrays and tensors are data. */
export function isDataset(value: unknown): boolean {
  if (isTensor(value) || isTypedArray(value) || Array.isArray(value)) return false;
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** What `evaluate` and `predict` go through once. */
export async function readSource(
  model: AnyModel,
  x: unknown,
  y: unknown,
  options: EvaluateOptions,
): Promise<BatchSource> {
  if (isDataset(x)) return (await latePart()).datasetSource(model, x);
  return sourceOf(await readArrays(model, x, y, options.sampleWeight), options);
}

export function sourceOf(data: ArrayData, { batchSize, shuffle = false, steps }: SourceOptions): BatchSource {
  const size = batchSize ?? (steps === undefined ? 32 : Math.ceil(data.samples / steps));
  return arraySource(data, data.samples, size, shuffle);
}

/** Arrays to validate on, while `fit` runs with these options. */
export function validationSource(data: ArrayData, options: FitOptions): BatchSource {
  return sourceOf(data, {
    batchSize: options.validationBatchSize ?? options.batchSize,
    steps: options.validationSteps,
  });
}

/** @throws SHAPE_MISMATCH when x, y and the weights differ in length, or a flat array does not divide. */
export async function readArrays(model: AnyModel, x: unknown, y?: unknown, sampleWeight?: unknown): Promise<ArrayData> {
  const parts = await readParts(model, x, y, sampleWeight);
  const lengths = Object.entries(parts).flatMap(([part, tree]) =>
    leavesOf(tree).map((leaf, i, { length }) => {
      const name = length === 1 ? part : `${part}[${i}]`;
      return { name, rows: rowsOf(leaf, name) };
    }),
  );
  const samples = lengths[0]!.rows;
  const odd = lengths.find(({ rows }) => rows !== samples);
  if (odd === undefined) return { ...parts, samples };
  throw new CeratopsError('SHAPE_MISMATCH', 'different numbers of samples', {
    subject: odd.name,
    expected: `${samples} samples, as in ${lengths[0]!.name}`,
    received: `${odd.rows}`,
  });
}

function rowsOf({ shape }: HostTensor, name: string): number {
  const [rows] = shape;
  if (rows !== undefined && rows > 0) return rows;
  throw new CeratopsError('SHAPE_MISMATCH', 'no samples', { subject: name, expected: 'at least one sample' });
}

/** Reads the parts of a batch, or of all data. */
export async function readParts(model: AnyModel, x: unknown, y: unknown, sampleWeight: unknown): Promise<Batch> {
  const { graph } = model.$model;
  const hostX = await readTree(x, 'x', graph && { tree: graph.inputTree, tensors: graph.inputs }, undefined);
  for (const leaf of leavesOf(hostX)) rowsOf(leaf, 'x');
  if (graph !== undefined) assertCompatible(`${model}`, graph.inputSpecs, hostX);
  if (y === undefined || y === null) return { x: hostX };
  const samples = leavesOf(hostX)[0]?.shape[0];
  const outputs = graph && { tree: graph.outputTree, tensors: graph.outputs };
  const hostY = await readTree(y, 'y', outputs, samples);
  if (sampleWeight === undefined || sampleWeight === null) return { x: hostX, y: hostY };
  const { readSampleWeight } = await latePart();
  return { x: hostX, y: hostY, sampleWeight: await readSampleWeight(sampleWeight, hostY, outputs, samples) };
}

export function leavesOf(tree: unknown): HostTensor[] {
  return flatten(tree).filter((leaf) => leaf instanceof HostTensor);
}

/** The inputs or the outputs of a model, as its user structured them. */
export interface Ends {
  readonly tree: unknown;
  readonly tensors: readonly KerasTensor[];
}

/** Array-likes in the structure of `ends`, or in their own where the model has no graph. */
async function readTree(value: unknown, what: string, ends: Ends | undefined, samples: number | undefined) {
  if (isTensor(value) || isTypedArray(value)) return readArray(value, what, ends?.tensors[0], samples);
  const late = await latePart();
  return late.readTree(value, what, ends, samples);
}

/** Reads one array into host memory; a tensor is waited for. `tensor` says what shape samples have. */
export async function readArray(
  value: unknown,
  what: string,
  tensor: KerasTensor | undefined,
  samples: number | undefined,
): Promise<HostTensor> {
  if (isTensor(value)) return new HostTensor(value.dtype, value.shape, await value.data());
  if (!isTypedArray(value)) return (await latePart()).readNested(value, what);
  const sample = tensor?.shape.slice(1);
  const inner = sample?.every((size) => size !== null) === true ? (sample as Shape) : [];
  return new HostTensor(dtypeOfArray(value, what), shapeOf(value.length, what, samples, inner), value);
}

/** The shape of a flat array: by the number of samples where that is known, else by the shape of one sample. */
function shapeOf(length: number, what: string, samples: number | undefined, inner: Shape): Shape {
  const divisor = samples ?? sizeOf(inner);
  if (length === 0 || length % divisor !== 0) {
    throw new CeratopsError('SHAPE_MISMATCH', 'the length does not fit', {
      subject: what,
      expected:
        samples === undefined
          ? `a multiple of ${divisor} numbers, the size of a sample of shape ${formatShape(inner)}`
          : `${samples} numbers or a multiple of it, as there are ${samples} samples in x`,
      received: `${length} numbers`,
    });
  }
  if (samples === undefined) return [length / divisor, ...inner];
  if (length === samples) return [samples];
  return [samples, ...(sizeOf(inner) * samples === length ? inner : [length / samples])];
}

/** Splits arrays into what comes before and after `fraction` from the end. */
export function splitArrays(data: ArrayData, fraction: number): [ArrayData, ArrayData] {
  const at = Math.floor(data.samples * (1 - fraction));
  if (at === 0 || at === data.samples) {
    throw new CeratopsError('INVALID_ARGUMENT', 'bad validationSplit', {
      subject: 'fit',
      expected: `a fraction that leaves samples on both sides of ${data.samples}`,
      received: String(fraction),
    });
  }
  return [cut(data, 0, at), cut(data, at, data.samples)];
}

/** The samples from `start` to `stop`. */
export function cut({ x, y, sampleWeight }: ArrayData, start: number, stop: number): ArrayData {
  const part = (tree: unknown): unknown => mapHost(tree, (rows) => sliceRows(rows, start, stop));
  return {
    x: part(x),
    ...(y === undefined ? {} : { y: part(y) }),
    ...(sampleWeight === undefined ? {} : { sampleWeight: part(sampleWeight) }),
    samples: stop - start,
  };
}
