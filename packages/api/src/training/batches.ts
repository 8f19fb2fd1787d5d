/**
 * Where batches come from. Every source gives one round of batches at a time: here arrays, cut and perhaps shuffled as Keras'
 * array adapter does; in late/datasets.ts iterables.
 */

import { isTensor, type Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { randomStreams } from '../engine/random-state.js';
import { flatten, mapTree } from '../engine/tree.js';
import { HostTensor, rowGatherer, sliceRows, upload } from './host-data.js';

/** One batch: trees whose leaves are tensors or host arrays. */
export interface Batch {
  readonly x: unknown;
  readonly y?: unknown;
  readonly sampleWeight?: unknown;
}

/** A batch on the device; absent parts have no key. */
export interface DeviceBatch {
  readonly x: unknown;
  readonly y?: unknown;
  readonly sampleWeight?: unknown;
  readonly size: number;
}

export interface BatchSource {
  /** Batches of one round, where that is known. */
  readonly batches: number | undefined;
  /** Each batch lasts until the next one is asked for. */
  round(): AsyncIterator<Batch> | Iterator<Batch>;
  /**
   * The first batch, to build a model by; it comes again in the next round. Shuffling arrays draws one permutation here, as
   * it does in Keras.
   */
  first(): Promise<Batch>;
}

/** Cuts arrays of equal length into batches. */
export function arraySource(data: Batch, samples: number, batchSize: number, shuffle: boolean | 'batch'): BatchSource {
  const batches = Math.ceil(samples / batchSize);
  function* round(): Iterator<Batch> {
    const gatherRows = rowGatherer();
    const order = shuffle === true ? randomStreams().numpy.permutation(samples) : undefined;
    for (let i = 0; i < batches; i++) {
      const start = i * batchSize;
      const stop = Math.min(start + batchSize, samples);
      if (order !== undefined) yield mapBatch(data, (rows) => gatherRows(rows, order.subarray(start, stop)));
      else if (shuffle === 'batch') {
        const within = randomStreams()
          .numpy.permutation(stop - start)
          .map((index) => index + start);
        yield mapBatch(data, (rows) => gatherRows(rows, within));
      } else yield mapBatch(data, (rows) => sliceRows(rows, start, stop));
    }
  }
  return { batches, round, first: async () => round().next().value as Batch };
}

function mapBatch(data: Batch, cut: (rows: HostTensor) => HostTensor): Batch {
  const part = (tree: unknown): unknown => (tree === undefined ? undefined : mapHost(tree, cut));
  return { x: part(data.x), y: part(data.y), sampleWeight: part(data.sampleWeight) };
}

/** Replaces the host arrays of a tree. */
export function mapHost(tree: unknown, replace: (rows: HostTensor) => unknown): unknown {
  return mapTree(tree, (leaf) => (leaf instanceof HostTensor ? replace(leaf) : leaf));
}

/** The batches of a round, at most `limit`. */
export async function* batchesOf(
  round: ReturnType<BatchSource['round']>,
  limit: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<Batch> {
  for (let step = 0; step < limit; step++) {
    const next = await round.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/**
 * A batch as tensors.
 * @param keeps whether they are used after the call that they are for; else they are lent to it.
 */
export function toDevice({ x, y, sampleWeight }: Batch, keeps?: boolean): DeviceBatch {
  const onDevice = (tree: unknown): unknown => mapHost(tree, (rows) => upload(rows, keeps));
  const batch: { x: unknown; y?: unknown; sampleWeight?: unknown; size: number } = { x: onDevice(x), size: 0 };
  if (y !== undefined) batch.y = onDevice(y);
  if (sampleWeight !== undefined) batch.sampleWeight = onDevice(sampleWeight);
  batch.size = batchSizeOf(batch.x);
  return batch;
}

function batchSizeOf(x: unknown): number {
  const first = flatten(x).find(isTensor) as Tensor | undefined;
  const size = first?.shape[0];
  if (size !== undefined) return size;
  throw new CeratopsError('INVALID_ARGUMENT', 'the first input has no batch axis', {
    subject: 'batch',
    expected: 'a tensor of rank 1 or more',
  });
}

/** Gives back the tensors that `toDevice` made for a batch; tensors of the user stay. */
export function release(batch: DeviceBatch, original: Batch): void {
  const theirs = new Set(flatten([original.x, original.y, original.sampleWeight]));
  for (const leaf of flatten([batch.x, batch.y, batch.sampleWeight]))
    if (isTensor(leaf) && !theirs.has(leaf)) leaf.dispose();
}
