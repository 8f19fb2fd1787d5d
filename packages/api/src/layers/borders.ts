/** What layers share that cut off or add borders: one pair of widths for each spatial axis. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { show } from '../engine/show.js';
import type { Row } from '../engine/table.js';
import type { DataFormat } from './support.js';

/** Before and after. */
export type Pair = readonly [before: number, after: number];

/** One width for all borders, one for each axis, or a pair for each axis. */
export type Borders = number | readonly number[] | readonly Pair[];

const isWidth = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

function pairOf(value: unknown): Pair | undefined {
  if (isWidth(value)) return [value, value];
  return Array.isArray(value) && value.length === 2 && value.every(isWidth) ? (value as unknown as Pair) : undefined;
}

/** Pairs of one axis are written as one pair, as Keras does. */
export function bordersRow(key: string, rank: number, fallback: number): Row<readonly Pair[]> {
  const all = (width: number): readonly Pair[] => Array.from({ length: rank }, () => [width, width] as const);
  const resolve = (value: unknown, subject: string): readonly Pair[] => {
    const one = rank === 1 ? pairOf(value) : undefined;
    if (one !== undefined) return [one];
    if (isWidth(value)) return all(value);
    const pairs = Array.isArray(value) && value.length === rank ? value.map(pairOf) : [undefined];
    if (pairs.every((pair) => pair !== undefined)) return pairs;
    throw new CeratopsError('INVALID_ARGUMENT', `bad argument '${key}'`, {
      subject,
      expected: rank === 1 ? 'a width, or [before, after]' : `a width, or ${rank} of them or of [before, after]`,
      received: show(value),
    });
  };
  return {
    key,
    required: false,
    fallback: () => all(fallback),
    resolve,
    serialize: (pairs) => (rank === 1 ? pairs[0]! : pairs),
  };
}

/** The pairs of all axes of a tensor. */
export function allPairs(pairs: readonly Pair[], format: DataFormat | undefined): readonly Pair[] {
  return format === 'channels_first' ? [[0, 0], [0, 0], ...pairs] : [[0, 0], ...pairs, [0, 0]];
}
