import { CeratopsError } from '@ceratops/kernel-registry';
import type { LoweringContext } from './lower/context.js';

/** What an `index` of loop IR can count. */
const mostElements = 2 ** 31 - 1;

const mostBytes = 2 ** 32;

/** @throws CeratopsError UNSUPPORTED for an array that memory could hold, but no index count. A late part: only arrays of bytes are so long. */
export function checkArraySizes({ storages, target, fusion }: LoweringContext): void {
  const large = storages.find(({ elements, bytes }) => elements > mostElements && bytes < mostBytes);
  if (large === undefined) return;
  throw new CeratopsError('UNSUPPORTED', `an array is too long for ${target.name}`, {
    subject: fusion.graph.program.name,
    expected: `at most ${mostElements} elements`,
    received: `${large.elements} of ${large.dtype}`,
    remedy: 'split the array',
  });
}
