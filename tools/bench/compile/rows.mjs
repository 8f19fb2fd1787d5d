// @ts-check
/** What compiling costs, that ten times the ops cost ten times as much, and what is left where an earlier process kept its programs. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { race, startups } from '../support/contestant.mjs';
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
const models = ['digits', 'transformer'];

/** @param {import('../support/settings.mjs').Settings} settings */
export async function compileRows({ rounds, threads }) {
  const entrants = node('ceratops', ['several'], threads, () => ['tools/bench/compile/ceratops.mjs', `${threads}`]);
  const [result] = await race(entrants, { rounds: Math.min(rounds, mostRounds), warmups: 0 });
  const rows = Object.entries(programs).flatMap(([key, name]) => [
    row('compile', `${name} of 1,000 ops, per op`, 'µs', figuresOf([result], key, 1e6)),
    row('compile', `10,000 ops over 1,000: ${name}`, 'times', figuresOf([result], `${key}Growth`, 1), {
      bars: [{ atMost: mostGrowth }],
    }),
  ]);
  for (const model of models) {
    const { cold, kept } = await firstSteps(model, { rounds, threads });
    const title = `${model}, compiling before the first step ends`;
    rows.push(row('compile', title, 'ms', figuresOf(cold, 'compile', 1e3)));
    rows.push(row('compile', `${title}, with plans on disk`, 'ms', figuresOf(kept, 'compile', 1e3)));
  }
  return rows;
}

/** Fresh processes: with nothing kept, and after others that kept what they compiled. */
async function firstSteps(model, { rounds, threads }) {
  const folder = mkdtempSync(join(tmpdir(), 'ceratops-plans-'));
  try {
    const entrants = node('ceratops', ['several'], threads, (count) => [
      'tools/bench/training/ceratops.mjs',
      model,
      count,
    ]);
    const keeping = entrants.map((entrant) => ({ ...entrant, environment: { CERATOPS_PLAN_CACHE: folder } }));
    const cold = await startups(entrants, rounds);
    // What is fast in a process that compiles is kept by the second, which does not.
    await startups(keeping, 2);
    return { cold, kept: await startups(keeping, rounds) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
