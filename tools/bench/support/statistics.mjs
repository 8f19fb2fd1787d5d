// @ts-check
/** Medians, because other work on the machine only ever makes a sample slower. */

/** @typedef {{ median: number, min: number, max: number, count: number }} Summary */

/**
 * @param {readonly number[]} samples
 * @returns {Summary}
 */
export function summarise(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const { length } = sorted;
  const median = (sorted[(length - 1) >> 1] + sorted[length >> 1]) / 2;
  return { median, min: sorted[0], max: sorted[length - 1], count: length };
}

/**
 * Seconds that one call of `run` takes: the median of calls for at least `seconds`, three or more if they fit, after one that is not
 * counted; that one counts when it alone takes longer than `slow`.
 * @param {() => unknown} run
 * @param {number} seconds
 * @param {number} [slow]
 */
export async function timeOf(run, seconds, slow = Number.POSITIVE_INFINITY) {
  const once = async () => {
    const start = performance.now();
    await run();
    return (performance.now() - start) / 1000;
  };
  const first = await once();
  if (first > slow) return first;
  const samples = [];
  const end = performance.now() + seconds * 1000;
  do samples.push(await once());
  while (performance.now() < end || (samples.length < 3 && first < seconds));
  return summarise(samples).median;
}

/**
 * Seconds of a step, over the batches of an epoch or as many as a second lets in.
 * @template T
 * @param {readonly T[]} batches
 * @param {(batch: T) => unknown} step
 */
export async function secondsPerStep(batches, step) {
  const start = performance.now();
  let steps = 0;
  for (const batch of batches) {
    await step(batch);
    steps++;
    if (performance.now() - start > 1000) break;
  }
  return (performance.now() - start) / 1000 / steps;
}

/**
 * The first line of what went wrong, short enough for a cell of the table.
 * @param {unknown} error
 */
export function reasonOf(error) {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
