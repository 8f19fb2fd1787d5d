// @ts-check
/**
 * `npm run bench`: Ceratops beside Python Keras on this machine, as one table; also into docs/benchmarks.
 *
 *   npm run bench -- [--only training,eager,kernels,memory] [--rounds 5]
 */

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { build, install } from '../workspace.mjs';
import { eagerRows } from './eager/rows.mjs';
import { kernelRows } from './kernels/rows.mjs';
import { memoryRows } from './memory/rows.mjs';
import { describeMachine } from './support/machine.mjs';
import { findPeers } from './support/peers.mjs';
import { table, write } from './support/report.mjs';
import { trainingRows } from './training/rows.mjs';

const groups = { training: trainingRows, eager: eagerRows, kernels: kernelRows, memory: memoryRows };

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(groups).join(',') },
    rounds: { type: 'string', default: '5' },
  },
});
const wanted = options.only.split(',');
const unknown = wanted.find((name) => !(name in groups));
if (unknown !== undefined) throw new Error(`no group '${unknown}': there are ${Object.keys(groups).join(', ')}`);

install();
build();
const peers = findPeers();
const settings = { threads: availableParallelism(), rounds: Number(options.rounds), peers };
const rows = [];
for (const [name, measure] of Object.entries(groups)) {
  if (!wanted.includes(name)) continue;
  console.log(`${name} …`);
  rows.push(...(await measure(settings)));
}
const versions = Object.entries(peers).flatMap(([name, peer]) => (peer === undefined ? [] : [[name, peer.version]]));
const report = { machine: describeMachine(), peers: Object.fromEntries(versions), rows };
console.log(`\n${table(report)}`);
if (wanted.length === Object.keys(groups).length) write(report);
