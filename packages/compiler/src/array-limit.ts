import { CeratopsError } from '@ceratops/kernel-registry';
import type { LoweringContext } from './lower/context.js';

/** What an `index` of loop IR can count. */
const mostElements = 2 ** 31 - 1;

/** @throws CeratopsError UNSUPPORTED for a program with a larger array. A late part: other memory ends first, but for arrays of bytes. */
export function checkArraySizes({ storages, target, fusion }: LoweringContext): void {
  const large = storages.find(({ elements }) => elements > mostElements);
  if (large === undefined) return;
  throw new CeratopsError('UNSUPPORTED', `an array is too long for ${target.name}`, {
    subject: fusion.graph.program.name,
    expected: `at most ${mostElements} elements`,
    received: `${large.elements} of ${large.dtype}`,
    remedy: 'split the array',
  });
}
