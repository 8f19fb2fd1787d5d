// @ts-check
/** What compiling costs, and that ten times the ops cost ten times as much. */

import { race } from '../support/contestant.mjs';
import { node } from '../support/entrants.mjs';
import { figuresOf, row } from '../support/rows.mjs';

const programs = {
  chain: 'an elementwise chain',
  diamonds: 'elementwise diamonds',
  unrolled: 'an unrolled recurrence with all states kept',
};
/** Linear is 10; caches and the collector have their part in it. */
const mostGrowth = 13;
/** Each takes some ten seconds. */
const mostRounds = 3;

/** @param {import('../support/settings.mjs').Settings} settings */
export async function compileRows({ rounds, threads }) {
  const entrants = node('ceratops', ['several'], threads, () => ['tools/bench/compile/ceratops.mjs', `${threads}`]);
  const [result] = await race(entrants, { rounds: Math.min(rounds, mostRounds), warmups: 0 });
  return Object.entries(programs).flatMap(([key, name]) => [
    row('compile', `${name} of 1,000 ops, per op`, 'µs', figuresOf([result], key, 1e6)),
    row('compile', `10,000 ops over 1,000: ${name}`, 'times', figuresOf([result], `${key}Growth`, 1), {
      bars: [{ atMost: mostGrowth }],
    }),
  ]);
}
