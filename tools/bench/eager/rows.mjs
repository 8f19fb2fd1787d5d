// @ts-check
/** What eager code costs on the host. */

import { race } from '../support/contestant.mjs';
import { node } from '../support/entrants.mjs';
import { figuresOf, row } from '../support/rows.mjs';

const micro = 1e6;
const measurements = [
  { key: 'cached', name: 'cached chain of 1,000 ops, per op', factor: micro, atMost: 1.5 },
  { key: 'scalars', name: 'cached chain with 500 changing host scalars, per op', factor: micro, atMost: 1.5 },
  { key: 'neverSeen', name: 'never-seen chain of 1,000 ops, per op', factor: micro, atMost: 20 },
  {
    key: 'neverSeenMixed',
    name: 'never-seen 1,000 ops with reductions and transposes, per op',
    factor: micro,
    atMost: 20,
  },
  { key: 'read', name: 'one op and its read', factor: micro, atMost: 50 },
  { key: 'changedScalar', name: 'programs compiled for 200 changed scalars', factor: 1, unit: 'programs', atMost: 0 },
  { key: 'jitted', name: 'host cost of a jitted step with 60 variables', factor: micro },
];

const devices = { null: 'null device', cpu: 'CPU' };

/** @param {import('../support/settings.mjs').Settings} settings */
export async function eagerRows({ rounds, threads }) {
  const entrants = Object.keys(devices).flatMap((device) =>
    node('ceratops', ['single'], threads, () => ['tools/bench/eager/ceratops.mjs', device]),
  );
  const results = await race(entrants, { rounds, warmups: 2 });
  return measurements.flatMap(({ key, name, factor, unit = 'µs', atMost }) =>
    Object.values(devices).map((label, place) => {
      const bars = atMost === undefined ? [] : [{ atMost }];
      return row('eager', `${name}, ${label}`, unit, figuresOf([results[place]], key, factor), { bars });
    }),
  );
}
