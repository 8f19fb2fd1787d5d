// @ts-check
/** Rows of the table: what was measured, by whom, and whether it is good enough. */

import { bar, ratioTo } from './bars.mjs';
import { labels } from './entrants.mjs';

/** @typedef {import('./statistics.mjs').Summary} Summary */
/** @typedef {import('./contestant.mjs').Result} Result */
/** @typedef {import('./bars.mjs').Bar} Bar */

/**
 * What one contestant reached on one thread and on all, or why it did not.
 * @typedef {{ single?: Summary, several?: Summary, cannot?: string }} Figure
 */
/** @typedef {Record<string, Figure>} Figures By contestant; `ceratops` is always there. */

/**
 * @typedef {object} Row
 * @property {string} group
 * @property {string} name
 * @property {string} unit
 * @property {'lower' | 'higher'} better
 * @property {Figures} figures
 * @property {{ median: number, best: number } | undefined} [ratio] How many times as long as the best peer Ceratops takes, all threads; below 1 it is faster.
 * @property {import('./bars.mjs').Judged[]} bars
 */

/**
 * @typedef {object} RowOptions
 * @property {'lower' | 'higher'} [better]
 * @property {readonly Bar[]} [bars]
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
  const { better = 'lower', bars = [] } = options;
  return {
    ...{ group, name, unit, better, figures },
    ratio: ratioTo(figures, better, rivalsIn(figures), 'several'),
    bars: bars.map((each) => bar(each, figures, unit, better)),
  };
}

/** @param {Figures} figures */
const rivalsIn = (figures) => Object.keys(figures).filter((who) => !['ceratops', 'copy'].includes(who));

/**
 * One figure of every contestant, in the order of `labels`.
 * @param {readonly Result[]} results
 * @param {string} name
 * @param {number} [factor] From the unit measured to the row's.
 * @returns {Figures}
 */
export function figuresOf(results, name, factor = 1) {
  /** @type {Figures} */
  const figures = {};
  for (const who of Object.keys(labels)) {
    for (const { entrant, figures: measured, ready, failed } of results) {
      if (entrant.who !== who) continue;
      const cannot = failed ?? ready.cannot?.[name];
      if (name in measured) (figures[who] ??= {})[entrant.threads] = scaled(measured[name], factor);
      else if (cannot !== undefined) (figures[who] ??= {}).cannot = cannot;
    }
  }
  return figures;
}

/**
 * The same measurement in another unit.
 * @param {Summary} summary
 * @param {number} factor
 * @returns {Summary}
 */
export function scaled({ median, min, max, count }, factor) {
  return { median: median * factor, min: min * factor, max: max * factor, count };
}
