// @ts-check
/** `npm run bench`: Ceratops beside its peers on this machine, as tables; `npm run bench -- --help` says more. */

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
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

install();
install(join(root, 'tools', 'bench'), ['--ignore-scripts']);
const { InvalidArgumentError, program } = await import('commander');

const names = Object.keys(groups);
const {
  only: wanted = names,
  rounds,
  into,
} = program
  .name('npm run bench --')
  .description('Measures Ceratops beside its peers on this machine; all groups go into docs/benchmarks.')
  .option('--only <groups>', `some of ${names.join(', ')}, with commas between; they are printed only`, someGroups)
  .option('--rounds <count>', 'samples of each measurement', wholeNumber, 5)
  .option('--into <folder>', 'where the tables go')
  .parse()
  .opts();

/** @param {string} text */
function someGroups(text) {
  const list = text.split(',');
  const unknown = list.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`No group '${unknown}'.`);
  return list;
}

/** @param {string} text */
function wholeNumber(text) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Expected a whole number above 0.');
}

const machine = describeMachine();
if (wanted.includes('bundle')) install(join(root, 'tools', 'bundle'));
build();
const peers = findPeers();
const settings = { threads: availableParallelism(), rounds, peers };
const rows = [];
for (const [name, measure] of Object.entries(groups)) {
  if (!wanted.includes(name)) continue;
  const start = performance.now();
  rows.push(...(await measure(settings)));
  console.log(`${name}: ${Math.round((performance.now() - start) / 1000)} s`);
}
const report = { machine, peers: versions(peers), rows };
console.log(`\n${tables(report)}`);
const whole = wanted.length === names.length;
const folder = into ?? (whole ? join(root, 'docs', 'benchmarks') : undefined);
if (folder !== undefined) await write(report, folder);
