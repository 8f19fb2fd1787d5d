/** Epochs of a given number of steps: one round of the data goes on over epochs. */

import { warn } from '../../utils/output.js';
import { type Batch, type BatchSource, batchesOf } from '../batches.js';

/** @returns what gives the batches of the next epoch. */
export function epochsOf(source: BatchSource, steps: number): () => AsyncGenerator<Batch> {
  let round: ReturnType<BatchSource['round']> | undefined;
  let taken = 0;
  return async function* nextEpoch() {
    if (round === undefined) taken = 0;
    round ??= source.round();
    const end = taken + steps;
    for await (const batch of batchesOf(round, steps)) {
      taken++;
      yield batch;
    }
    if (taken < end) warn(`fit: the data ran out after ${taken} steps; stepsPerEpoch × epochs batches are needed`);
    if (taken < end || (source.batches !== undefined && taken >= source.batches)) round = undefined;
  };
}
