/** Errors for unknown names that list the near ones. */

import { CeratopsError, didYouMean, nearest } from '@ceratops/kernel-registry';
import { show } from './show.js';

/** The same for `meanSquaredError`, `mean_squared_error` and `MeanSquaredError`. */
export function canonicalName(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** An UNKNOWN_NAME error that says which names were meant, perhaps. */
export function unknownName(kind: string, name: unknown, known: Iterable<string>, remedy?: string): CeratopsError {
  const names = [...known];
  const near = typeof name === 'string' ? nearest(name, names) : [];
  const all = names.length > 0 && (names.length <= 12 || near.length === 0);
  const listed = all ? `one of ${names.join(', ')}` : undefined;
  return new CeratopsError('UNKNOWN_NAME', `unknown ${kind} ${show(name)}`, {
    ...(listed === undefined ? {} : { expected: listed }),
    remedy: didYouMean(near) ?? remedy,
  });
}
