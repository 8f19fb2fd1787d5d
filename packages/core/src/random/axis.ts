import { CeratopsError } from '@ceratops/kernel-registry';

/** An axis counted from the front. */
export function normalAxis(subject: string, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && positive >= 0 && positive < rank) return positive;
  throw new CeratopsError('INVALID_ARGUMENT', 'no such axis', {
    subject,
    expected: `an integer in [${-rank}, ${rank})`,
    received: `${axis}`,
  });
}
