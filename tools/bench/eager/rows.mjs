// @ts-check
/** What eager code costs on the host. */

import { race } from '../support/contestant.mjs';
import { row, scaled } from '../support/rows.mjs';

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
export async function eagerRows({ rounds }) {
  const program = (device) => ({ command: process.execPath, args: ['tools/bench/eager/ceratops.mjs', device] });
  const results = await race({ null: program('null'), cpu: program('cpu') }, { rounds, warmups: 2 });
  return measurements.flatMap(({ key, name, factor, unit = 'µs', atMost }) =>
    Object.entries(devices).map(([device, label]) => {
      const figures = { single: scaled(results[device][key], factor) };
      return row('eager', `${name}, ${label}`, unit, figures, atMost === undefined ? {} : { atMost });
    }),
  );
}
