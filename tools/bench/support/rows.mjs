// @ts-check
/** Rows of the table: what was measured, by whom, and whether it is good enough. */

/** @typedef {import('./statistics.mjs').Summary} Summary */

/**
 * @typedef {object} Figures
 * @property {Summary} [single] Ceratops on one thread.
 * @property {Summary} [several] Ceratops on all threads: what a user gets.
 * @property {Summary} [jax]
 * @property {Summary} [tensorflow]
 */

/**
 * @typedef {object} Row
 * @property {string} group
 * @property {string} name
 * @property {string} unit
 * @property {'lower' | 'higher'} better
 * @property {boolean} compared Whether there is something to compare with in Python Keras.
 * @property {Figures} figures
 * @property {number} [ratio] How many times slower than the best peer, on all threads; below 1 it is faster.
 * @property {string} [bar]
 * @property {boolean} [met]
 */

/**
 * @typedef {object} RowOptions
 * @property {'lower' | 'higher'} [better]
 * @property {boolean} [compared]
 * @property {number} [atMost] Of Ceratops' median, in the row's unit.
 * @property {number} [atMostRatio]
 */

/**
 * @param {string} group
 * @param {string} name
 * @param {string} unit
 * @param {Figures} figures
 * @param {RowOptions} [options]
 * @returns {Row}
 */
export function row(group, name, unit, figures, options = {}) {
  const { better = 'lower', compared = false, atMost, atMostRatio } = options;
  const own = (figures.several ?? figures.single)?.median ?? Number.NaN;
  const ratio = ratioOf(own, figures, better);
  const common = { group, name, unit, better, compared, figures, ratio };
  if (atMost !== undefined) return { ...common, bar: `≤ ${amount(atMost)} ${unit}`, met: own <= atMost };
  if (atMostRatio === undefined || ratio === undefined) return common;
  return { ...common, bar: `≤ ${atMostRatio} × the best peer`, met: ratio <= atMostRatio };
}

/** @returns {number | undefined} */
function ratioOf(own, { jax, tensorflow }, better) {
  const peers = [jax, tensorflow].flatMap((peer) => (peer === undefined ? [] : [peer.median]));
  if (peers.length === 0) return undefined;
  return better === 'lower' ? own / Math.min(...peers) : Math.max(...peers) / own;
}

/** Three figures, no exponent. */
export function amount(value) {
  if (Number.isInteger(value)) return String(value);
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

/**
 * The same measurement in another unit.
 * @param {Summary | undefined} summary
 * @param {number} factor
 * @returns {Summary | undefined}
 */
export function scaled(summary, factor) {
  if (summary === undefined) return undefined;
  const { median, min, max, count } = summary;
  return { median: median * factor, min: min * factor, max: max * factor, count };
}
