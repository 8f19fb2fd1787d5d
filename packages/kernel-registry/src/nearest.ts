/** The candidates that look like `name`, closest first: for "did you mean" in errors about unknown names. */
export function nearest(name: string, candidates: Iterable<string>, count = 3): string[] {
  const wanted = normal(name);
  const limit = Math.max(2, Math.ceil(wanted.length / 3));
  const scored: { readonly candidate: string; readonly score: number }[] = [];
  for (const candidate of candidates) {
    const other = normal(candidate);
    const contained = wanted.length > 2 && (other.includes(wanted) || wanted.includes(other));
    const score = contained ? 1 : editDistance(wanted, other);
    if (score <= limit) scored.push({ candidate, score });
  }
  return scored
    .sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Levenshtein's: the fewest characters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++)
      next.push(Math.min(row[j]! + Number(from[i] !== to[j]), row[j + 1]! + 1, next[j]! + 1));
    row = next;
  }
  return row[to.length]!;
}

/** `sparse_categorical_crossentropy`, `SparseCategoricalCrossentropy` and `sparseCategoricalCrossentropy` are one. */
function normal(name: string): string {
  return name.replaceAll(/[_\-.\s]/g, '').toLowerCase();
}

/** The remedy of an UNKNOWN_NAME error: near names, or all of them when few, or nothing. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const near = nearest(name, all);
  return didYouMean(near) ?? (all.length > 0 && all.length <= 12 ? `known: ${all.sort().join(', ')}` : undefined);
}

/** `did you mean 'a' or 'b'?`, or nothing when nothing is near. */
export function didYouMean(near: readonly string[]): string | undefined {
  return near.length === 0 ? undefined : `did you mean ${near.map((name) => `'${name}'`).join(' or ')}?`;
}
