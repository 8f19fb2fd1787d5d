/** Epochs of a given number of steps: one round of the data goes on over epochs. */

import { warn } from '../../utils/output.js';
import { type Batch, type BatchSource, batchesOf } from '../batches.js';
import { wholeExecutions } from '../executions.js';

/** @returns what gives the batches of the next epoch, which is of whole executions. */
export function epochsOf(source: BatchSource, steps: number, perExecution = 1): () => AsyncGenerator<Batch> {
  const limit = wholeExecutions(steps, perExecution);
  let round: ReturnType<BatchSource['round']> | undefined;
  let taken = 0;
  return async function* nextEpoch() {
    if (round === undefined) taken = 0;
    round ??= source.round();
    let seen = 0;
    for await (const batch of batchesOf(round, limit)) {
      taken++;
      seen++;
      yield batch;
    }
    if (wholeExecutions(seen, perExecution) < steps)
      warn(`fit: the data ran out after ${taken} steps; stepsPerEpoch × epochs batches are needed`);
    if (seen < limit || (source.batches !== undefined && taken >= source.batches)) round = undefined;
  };
}
