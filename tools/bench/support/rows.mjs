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
 * @property {number} [ratio] How many times slower than the best peer, on all threads, by medians; below 1 it is faster.
 * @property {number} [bestRatio] The same by best samples, which other work on the machine disturbs least.
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
  const ratio = ratioOf(figures, better, 'median');
  const bestRatio = ratioOf(figures, better, better === 'lower' ? 'min' : 'max');
  const common = { group, name, unit, better, compared, figures, ratio, bestRatio };
  if (atMost !== undefined)
    return { ...common, bar: `≤ ${amount(atMost)} ${unit}`, met: own(figures).median <= atMost };
  if (atMostRatio === undefined || ratio === undefined || bestRatio === undefined) return common;
  const rival = figures.jax && figures.tensorflow ? 'the best peer' : 'the only peer here';
  return { ...common, bar: `≤ ${atMostRatio} × ${rival}`, met: Math.max(ratio, bestRatio) <= atMostRatio };
}

/**
 * What a user gets.
 * @param {Figures} figures
 * @returns {Summary}
 */
function own({ several, single }) {
  const figure = several ?? single;
  if (figure === undefined) throw new Error('a row without a figure of Ceratops');
  return figure;
}

/**
 * @param {Figures} figures
 * @param {Row['better']} better
 * @param {'median' | 'min' | 'max'} which
 */
function ratioOf(figures, better, which) {
  const peers = [figures.jax, figures.tensorflow].flatMap((peer) => (peer === undefined ? [] : [peer[which]]));
  if (peers.length === 0) return undefined;
  return better === 'lower' ? own(figures)[which] / Math.min(...peers) : Math.max(...peers) / own(figures)[which];
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
