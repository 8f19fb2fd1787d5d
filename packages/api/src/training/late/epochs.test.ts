/** Epochs of a given number of steps, against the batches counted by hand. */

import { expect, test, vi } from 'vitest';
import type { BatchSource } from '../batches.js';
import { epochsOf } from './epochs.js';

/** Batches 0, 1, 2, … whose `x` is their number. */
function numbered(count: number, known: boolean): BatchSource {
  function* round(): Generator<{ x: number }> {
    for (let x = 0; x < count; x++) yield { x };
  }
  return { batches: known ? count : undefined, round, first: async () => ({ x: 0 }) };
}

async function epochs(source: BatchSource, steps: number, count: number): Promise<number[][]> {
  const next = epochsOf(source, steps);
  const seen: number[][] = [];
  for (let epoch = 0; epoch < count; epoch++) {
    const batches: number[] = [];
    for await (const { x } of next()) batches.push(x as number);
    seen.push(batches);
  }
  return seen;
}

test('a round goes on over epochs and starts again when arrays are through', async () => {
  expect(await epochs(numbered(4, true), 2, 3)).toEqual([
    [0, 1],
    [2, 3],
    [0, 1],
  ]);
});

test('data that runs out is told, and the next epoch starts over', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  expect(await epochs(numbered(3, false), 2, 3)).toEqual([[0, 1], [2], [0, 1]]);
  expect(warn.mock.calls).toEqual([['fit: the data ran out after 3 steps; stepsPerEpoch × epochs batches are needed']]);
  warn.mockRestore();
});
