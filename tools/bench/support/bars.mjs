// @ts-check
/** Bars: what a figure of Ceratops must reach, alone or against peers in the same run. */

import { labels } from './entrants.mjs';

/** @typedef {import('./rows.mjs').Figures} Figures */
/** @typedef {import('./rows.mjs').Figure} Figure */
/** @typedef {'lower' | 'higher'} Better */
/** @typedef {'median' | 'min' | 'max'} Which */

/**
 * Against a number, in the row's unit, or against the best of some peers: at most so many times as long, or at least so many
 * times as fast. On one thread only one thread of the peers counts, on several the better of what they have.
 * @typedef {{ atMost: number } | { than: readonly string[], timesAsLong?: number, timesAsFast?: number, on: 'single' | 'several' }} Bar
 */

/**
 * @typedef {object} Judged
 * @property {string} bar
 * @property {number | undefined} [reached] In the words of the bar; the worse of medians and best samples.
 * @property {boolean} [met] Undefined where there is nothing to compare with.
 */

/**
 * Three figures, no exponent.
 * @param {number} value
 */
export function amount(value) {
  if (Number.isInteger(value)) return String(value);
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

/**
 * @param {Figure | undefined} figure
 * @param {'single' | 'several'} on
 * @param {Which} which
 * @returns {number[]}
 */
function values(figure, on, which) {
  const summaries = on === 'single' ? [figure?.single] : [figure?.single, figure?.several];
  return summaries.flatMap((summary) => (summary === undefined ? [] : [summary[which]]));
}

/**
 * What a user gets: all threads, where they were measured.
 * @param {Figures} figures
 * @param {'single' | 'several'} on
 * @param {Which} which
 */
function own({ ceratops }, on, which) {
  const summary = on === 'single' ? ceratops?.single : (ceratops?.several ?? ceratops?.single);
  return summary?.[which];
}

/**
 * How many times as long as the best of the peers Ceratops takes, by medians and by best samples, which other work on the machine disturbs least.
 * @param {Figures} figures
 * @param {Better} better
 * @param {readonly string[]} peers
 * @param {'single' | 'several'} on
 * @returns {{ median: number, best: number } | undefined}
 */
export function ratioTo(figures, better, peers, on) {
  /** @param {Which} which */
  const ratio = (which) => {
    const theirs = peers.flatMap((who) => values(figures[who], on, which));
    const ours = own(figures, on, which);
    if (theirs.length === 0 || ours === undefined) return undefined;
    return better === 'lower' ? ours / Math.min(...theirs) : Math.max(...theirs) / ours;
  };
  const median = ratio('median');
  const best = ratio(better === 'lower' ? 'min' : 'max');
  return median === undefined || best === undefined ? undefined : { median, best };
}

/**
 * @param {Bar} wanted
 * @param {Figures} figures
 * @param {string} unit
 * @param {Better} better
 * @returns {Judged}
 */
export function bar(wanted, figures, unit, better) {
  if ('atMost' in wanted) {
    const reached = own(figures, 'several', 'median');
    return { bar: `≤ ${amount(wanted.atMost)} ${unit}`, reached, met: Number(reached) <= wanted.atMost };
  }
  const { than, timesAsLong, timesAsFast, on } = wanted;
  const names = than.map((who) => labels[who]).join(', ');
  const peers = `${than.length > 1 ? `the best of ${names}` : names}${on === 'single' ? ', 1 thread' : ''}`;
  const text =
    timesAsLong === undefined ? `≥ ${timesAsFast} × as fast as ${peers}` : `≤ ${timesAsLong} × as long as ${peers}`;
  const ratio = ratioTo(figures, better, than, on);
  if (ratio === undefined) return { bar: text };
  const longest = Math.max(ratio.median, ratio.best);
  return timesAsLong === undefined
    ? { bar: text, reached: 1 / longest, met: 1 / longest >= Number(timesAsFast) }
    : { bar: text, reached: longest, met: longest <= timesAsLong };
}
