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
 * Seconds that one call of `run` takes: the median of calls for at least `seconds`, after one that is not counted.
 * @param {() => unknown} run
 * @param {number} seconds
 */
export async function timeOf(run, seconds) {
  await run();
  const samples = [];
  const end = performance.now() + seconds * 1000;
  do {
    const start = performance.now();
    await run();
    samples.push((performance.now() - start) / 1000);
  } while (performance.now() < end || samples.length < 3);
  return summarise(samples).median;
}
