/**
 * Turns what a caller gave `fit`, `evaluate` or `predict` into batch sources. With one input a nested array is data, with n
 * inputs it is a list of n; a flat typed array takes its shape from the model's input; records go by input or output name.
 */

import { isTensor } from '@ceratops/core';
import { CeratopsError, type Shape, sizeOf } from '@ceratops/kernel-registry';
import { assertCompatible } from '../engine/input-spec.js';
import { formatShape, type KerasTensor } from '../engine/keras-tensor.js';
import type { Model } from '../engine/model.js';
import { byKeyOrName } from '../engine/model-graph.js';
import { isPlainObject } from '../engine/table.js';
import { flatten } from '../engine/tree.js';
import { arraySource, type Batch, type BatchSource, iterableSource, mapHost } from './batches.js';
import { HostTensor, isTypedArray, sliceRows, toHost } from './host-data.js';

type Tree = { readonly [key: string]: unknown };

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

export function datasetSource(model: AnyModel, data: unknown): BatchSource {
  return iterableSource(data, (batch) => readBatch(model, batch));
}

export function sourceOf(data: ArrayData, { batchSize, shuffle = false, steps }: SourceOptions): BatchSource {
  const size = batchSize ?? (steps === undefined ? 32 : Math.ceil(data.samples / steps));
  return arraySource(data, data.samples, size, shuffle);
}

/** One batch of a dataset: [x], [x, y], [x, y, sampleWeight], or x alone. */
export async function readBatch(model: AnyModel, batch: unknown): Promise<Batch> {
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

async function readParts(model: AnyModel, x: unknown, y: unknown, sampleWeight: unknown): Promise<Batch> {
  const { graph } = model.$model;
  const hostX = await readTree(
    x,
    'x',
    graph?.inputTree,
    graph?.inputs,
    (tensor) => tensor.history!.operation.name,
    undefined,
  );
  for (const leaf of leavesOf(hostX)) rowsOf(leaf, 'x');
  if (graph !== undefined) assertCompatible(`${model}`, graph.inputSpecs, hostX);
  if (y === undefined || y === null) return { x: hostX };
  const samples = firstRows(hostX);
  const hostY = await readTree(
    y,
    'y',
    graph?.outputTree,
    graph?.outputs,
    (tensor) => tensor.history!.operation.name,
    samples,
  );
  if (sampleWeight === undefined || sampleWeight === null) return { x: hostX, y: hostY };
  const outputs = leavesOf(hostY).length;
  if (outputs > 1 && (isTensor(sampleWeight) || isTypedArray(sampleWeight) || isNumbers(sampleWeight))) {
    const weight = await toHost(sampleWeight, 'sampleWeight', (length) => rowsFor('sampleWeight', length, samples, []));
    return { x: hostX, y: hostY, sampleWeight: mapHost(hostY, () => weight) };
  }
  const names = graph?.outputs;
  const weights = await readTree(sampleWeight, 'sampleWeight', graph?.outputTree, undefined, () => '', samples, names);
  return { x: hostX, y: hostY, sampleWeight: weights };
}

function leavesOf(tree: unknown): HostTensor[] {
  return flatten(tree).filter((leaf) => leaf instanceof HostTensor);
}

function firstRows(tree: unknown): number | undefined {
  return leavesOf(tree)[0]?.shape[0];
}

/** Reads a tree of array-likes into the structure of `reference`, or by its own structure when there is none. */
async function readTree(
  value: unknown,
  what: string,
  reference: unknown,
  tensors: readonly KerasTensor[] | undefined,
  nameOf: (tensor: KerasTensor) => string,
  samples: number | undefined,
  named: readonly KerasTensor[] | undefined = tensors,
): Promise<unknown> {
  if (isPlainObject(value) && reference !== undefined && !isPlainObject(reference) && named !== undefined) {
    const names = named.map((tensor) => tensor.history!.operation.name);
    const missing = names.find((name) => value[name] === undefined);
    if (missing !== undefined) {
      throw new CeratopsError('SHAPE_MISMATCH', `'${missing}' is missing`, {
        subject: what,
        expected: names.join(', '),
        received: Object.keys(value).join(', '),
      });
    }
    const read = await Promise.all(
      names.map((name, i) => readLeaf(value[name], `${what}.${name}`, tensors?.[i], samples)),
    );
    return Array.isArray(reference) ? read : read[0];
  }
  if (isPlainObject(value)) {
    // Outputs without a loss need no targets, so a record for them may be partial.
    const record = isPlainObject(reference) && what === 'x' ? matched(value, reference, what) : value;
    const entries = Object.entries(record).map(async ([key, item]) => {
      const tensor = isPlainObject(reference) ? (reference[key] as KerasTensor | undefined) : undefined;
      return [
        key,
        await readLeaf(item, `${what}.${key}`, tensors === undefined ? undefined : tensor, samples),
      ] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }
  const list = Array.isArray(reference)
    ? reference.length > 1 || Array.isArray(value) === false
    : reference === undefined && isList(value);
  if (list && Array.isArray(value)) {
    if (tensors !== undefined && value.length !== tensors.length) {
      throw new CeratopsError('SHAPE_MISMATCH', 'wrong number of arrays', {
        subject: what,
        expected: `${tensors.length}: ${tensors.map(nameOf).join(', ')}`,
        received: `${value.length}`,
      });
    }
    return Promise.all(value.map((item, i) => readLeaf(item, `${what}[${i}]`, tensors?.[i], samples)));
  }
  const single = Array.isArray(value) && value.length === 1 && isList(value) ? value[0] : value;
  return readLeaf(single, what, tensors?.[0], samples);
}

function matched(given: Tree, reference: Tree, what: string): Tree {
  const record = byKeyOrName(given, reference);
  if (record !== undefined) return record;
  throw new CeratopsError('SHAPE_MISMATCH', 'wrong names', {
    subject: what,
    expected: Object.keys(reference).join(', '),
    received: Object.keys(given).join(', '),
  });
}

/** A list of arrays rather than nested numbers. */
function isList(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => isTensor(item) || isTypedArray(item));
}

function isNumbers(value: unknown): boolean {
  let leaf = value;
  while (Array.isArray(leaf)) leaf = leaf[0];
  return ['number', 'bigint', 'boolean'].includes(typeof leaf);
}

function readLeaf(
  value: unknown,
  what: string,
  tensor: KerasTensor | undefined,
  samples: number | undefined,
): Promise<HostTensor> {
  const inner =
    tensor?.shape.slice(1).every((size) => size !== null) === true ? (tensor.shape.slice(1) as Shape) : undefined;
  return toHost(value, what, (length) => rowsFor(what, length, samples, inner));
}

/** The shape of a flat array: by the number of samples where that is known, else by the shape of one sample. */
function rowsFor(what: string, length: number, samples: number | undefined, inner: Shape = []): Shape {
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

/** One sample of all arrays. */
export function firstRow(data: ArrayData): ArrayData {
  return cut(data, 0, 1);
}

/** True when the samples of both have the same dtypes and shapes. */
export function sameRows(a: ArrayData, b: ArrayData): boolean {
  const typesOf = ({ x, y, sampleWeight }: ArrayData): string =>
    leavesOf([x, y, sampleWeight])
      .map(({ dtype, shape }) => `${dtype} ${shape.slice(1)}`)
      .join();
  return typesOf(a) === typesOf(b);
}

function cut({ x, y, sampleWeight }: ArrayData, start: number, stop: number): ArrayData {
  const part = (tree: unknown): unknown => mapHost(tree, (rows) => sliceRows(rows, start, stop));
  return {
    x: part(x),
    ...(y === undefined ? {} : { y: part(y) }),
    ...(sampleWeight === undefined ? {} : { sampleWeight: part(sampleWeight) }),
    samples: stop - start,
  };
}

/** Sample weights from class weights: by the index in y, or by its largest entry. */
export function classWeights(y: unknown, weights: { readonly [index: number]: number }): HostTensor {
  if (!(y instanceof HostTensor)) {
    throw new CeratopsError('INVALID_ARGUMENT', 'classWeight needs one output', { subject: 'classWeight' });
  }
  const { shape, data } = y;
  const width = sizeOf(shape.slice(1));
  const result = new Float32Array(shape[0]!);
  for (let i = 0; i < result.length; i++) {
    const row = Array.from(data.subarray(i * width, (i + 1) * width) as ArrayLike<number | bigint>, Number);
    const index = width === 1 ? Math.round(row[0]!) : row.indexOf(Math.max(...row));
    result[i] = weights[index] ?? 1;
  }
  return new HostTensor('float32', [result.length], result);
}
