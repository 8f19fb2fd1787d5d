/** Errors for unknown names that list the near ones. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { show } from './show.js';

/** Levenshtein distance; rows of the usual dynamic programme. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}

/** The known names nearest to `name`, best first; all of them when there are few. */
export function nearNames(name: string, known: Iterable<string>, limit = 3): string[] {
  const canonical = canonicalName(name);
  const scored = [...new Set(known)].map((candidate) => ({
    candidate,
    distance: editDistance(canonical, canonicalName(candidate)),
  }));
  const close = scored.filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 3));
  return close
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** The same for `meanSquaredError`, `mean_squared_error` and `MeanSquaredError`. */
export function canonicalName(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** An UNKNOWN_NAME error that says which names were meant, perhaps. */
export function unknownName(kind: string, name: unknown, known: Iterable<string>, remedy?: string): CeratopsError {
  const names = [...known];
  const near = typeof name === 'string' ? nearNames(name, names) : [];
  const listed = names.length <= 12 ? `one of ${names.join(', ')}` : undefined;
  return new CeratopsError('UNKNOWN_NAME', `unknown ${kind} ${show(name)}`, {
    ...(listed === undefined ? {} : { expected: listed }),
    remedy: near.length > 0 ? `did you mean ${near.map((n) => `'${n}'`).join(' or ')}?` : remedy,
  });
}
