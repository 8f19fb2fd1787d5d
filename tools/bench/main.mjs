// @ts-check
/**
 * `npm run bench`: Ceratops beside its peers on this machine, as tables; also into docs/benchmarks.
 *
 *   npm run bench -- [--only products,eager] [--rounds 5] [--into FOLDER]
 *
 * A choice of groups is written only where a folder is named.
 */

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, install, root } from '../workspace.mjs';
import { bundleRows } from './bundle/rows.mjs';
import { compileRows } from './compile/rows.mjs';
import { eagerRows } from './eager/rows.mjs';
import { inferenceRows } from './inference/rows.mjs';
import { kernelRows } from './kernels/rows.mjs';
import { memoryRows } from './memory/rows.mjs';
import { describeMachine } from './support/machine.mjs';
import { findPeers, versions } from './support/peers.mjs';
import { tables, write } from './support/report.mjs';
import { trainingRows } from './training/rows.mjs';

/** @type {Record<string, (settings: import('./support/settings.mjs').Settings) => Promise<import('./support/rows.mjs').Row[]>>} */
const groups = {
  training: trainingRows,
  inference: inferenceRows,
  eager: eagerRows,
  products: kernelRows('products'),
  convolutions: kernelRows('convolutions'),
  elementwise: kernelRows('elementwise'),
  compile: compileRows,
  memory: memoryRows,
  bundle: bundleRows,
};

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(groups).join(',') },
    rounds: { type: 'string', default: '5' },
    into: { type: 'string' },
  },
});
const wanted = options.only.split(',');
const unknown = wanted.find((name) => !(name in groups));
if (unknown !== undefined) throw new Error(`no group '${unknown}': there are ${Object.keys(groups).join(', ')}`);

const machine = describeMachine();
install();
install(join(root, 'tools', 'bench'), ['--ignore-scripts']);
if (wanted.includes('bundle')) install(join(root, 'tools', 'bundle'));
build();
const peers = findPeers();
const settings = { threads: availableParallelism(), rounds: Number(options.rounds), peers };
const rows = [];
for (const [name, measure] of Object.entries(groups)) {
  if (!wanted.includes(name)) continue;
  const start = performance.now();
  rows.push(...(await measure(settings)));
  console.log(`${name}: ${Math.round((performance.now() - start) / 1000)} s`);
}
const report = { machine, peers: versions(peers), rows };
console.log(`\n${tables(report)}`);
const whole = wanted.length === Object.keys(groups).length;
const folder = options.into ?? (whole ? join(root, 'docs', 'benchmarks') : undefined);
if (folder !== undefined) await write(report, folder);
