// @ts-check
/** Nobody is faster by computing something else. */

import { sameNumbers } from './hashed-numbers.mjs';

/** @typedef {import('./contestant.mjs').Result} Result */

/**
 * Takes the figures from whoever computed something else than most.
 * @param {readonly Result[]} results
 * @param {string} name Of what was computed.
 * @param {readonly string[]} [figures] What was measured on it.
 */
export function compareNumbers(results, name, figures = [name]) {
  const reported = results.flatMap((result) => {
    const print = result.ready.prints?.[name];
    return print ? [{ result, print }] : [];
  });
  for (const one of reported) {
    const agreeing = reported.filter((other) => sameNumbers(one.print, other.print));
    if (2 * agreeing.length > reported.length) continue;
    const { who } = one.result.entrant;
    if (who === 'ceratops') throw new Error(`${name}: Ceratops computes something else than its peers`);
    for (const figure of figures) {
      delete one.result.figures[figure];
      one.result.ready.cannot = { ...one.result.ready.cannot, [figure]: 'computes something else' };
    }
  }
}
