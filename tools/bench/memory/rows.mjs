// @ts-check
/** The most bytes that ever live on the device, against those of the first step. */

import { startups } from '../support/contestant.mjs';
import { node } from '../support/entrants.mjs';
import { figuresOf, row } from '../support/rows.mjs';

const jobs = { training: '1,000 training steps of the MLP', eager: '1,000 eager iterations of 1 MB each' };

/** @param {import('../support/settings.mjs').Settings} settings */
export async function memoryRows({ threads }) {
  const entrants = Object.keys(jobs).flatMap((job) =>
    node('ceratops', ['several'], threads, () => ['tools/bench/memory/ceratops.mjs', job]),
  );
  const results = await startups(entrants, 1);
  return Object.values(jobs).map((name, place) => {
    const { first, budget } = results[place].figures;
    const atMost = (first.median + budget.median) / 2 ** 20;
    const figures = figuresOf([results[place]], 'peak', 2 ** -20);
    return row('memory', `peak live bytes of ${name}`, 'MiB', figures, { bars: [{ atMost }] });
  });
}
