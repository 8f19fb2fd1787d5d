// @ts-check
/** The table: on the terminal, as Markdown and as JSON. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../workspace.mjs';
import { amount } from './rows.mjs';

/** @typedef {import('./rows.mjs').Row} Row */
/** @typedef {import('./statistics.mjs').Summary} Summary */

/**
 * @typedef {object} Report
 * @property {ReturnType<typeof import('./machine.mjs').describeMachine>} machine
 * @property {{ jax?: string, tensorflow?: string }} peers Versions of those that were found.
 * @property {readonly Row[]} rows
 */

/**
 * The median, and the best sample where there is more than one.
 * @param {Summary | undefined} summary
 * @param {Row['better']} better
 */
function figure(summary, better) {
  if (summary === undefined) return '';
  const { median, min, max, count } = summary;
  const best = amount(better === 'lower' ? min : max);
  return count === 1 || best === amount(median) ? amount(median) : `${amount(median)} (${best})`;
}

/** @param {Report} report */
function cells({ machine, peers, rows }) {
  const head = ['what', 'unit', 'Ceratops, 1 thread', `Ceratops, ${machine.cores} threads`];
  const body = rows.map(({ name, unit, better, compared, figures, ratio, bestRatio, bar, met }) => {
    const peer = (key) => (compared && peers[key] === undefined ? 'not installed' : figure(figures[key], better));
    return [
      ...[name, unit, figure(figures.single, better), figure(figures.several, better), peer('jax'), peer('tensorflow')],
      ratio === undefined || bestRatio === undefined ? '' : `${amount(ratio)} (${amount(bestRatio)})`,
      bar === undefined ? '' : `${bar}: ${met ? 'met' : 'MISSED'}`,
    ];
  });
  return [[...head, 'Keras on JAX', 'Keras on TensorFlow', '× the best peer', 'bar'], ...body];
}

/** @param {Report} report */
export function table(report) {
  const lines = cells(report);
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`);
  text.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  return text.join('\n');
}

/** @param {Report} report */
function describe({ machine, peers }) {
  const { cpu, cores, memoryGiB, platform, node } = machine;
  const found = Object.values(peers);
  const others = found.length === 0 ? 'No Python with Keras was found.' : `Beside it: ${found.join('; ')}.`;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}, Node ${node}. ${others}`;
}

const preface = `# Benchmarks

\`npm run bench\` measures this table and writes it here, and into [results.json](results.json) with every spread. The rival is Python
Keras on the same machine: contestants are processes that take turns, so that they meet the same conditions. Each figure is
a median, with the best sample in parentheses. Products and convolutions are compared with those of JAX and TensorFlow themselves. The last but one column says how many times slower Ceratops is on all
threads than the best peer, by medians and by best samples; below 1 it is faster. A bar against a peer holds for both.

Python is looked for in the variables \`CERATOPS_PYTHON\` and \`CERATOPS_PYTHON_TF\`, then in \`.venv\`; a Keras that is not there is
left out. \`npm run bench -- --only training,eager,kernels,memory\` picks groups and writes nothing, \`--rounds 9\` takes more samples.
`;

/** @param {Report} report */
export function write(report) {
  const folder = join(root, 'docs', 'benchmarks');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'README.md'), `${preface}\n${describe(report)}\n\n${table(report)}\n`);
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(report, rounded, 2)}\n`);
}

/** @param {string} _key */
function rounded(_key, value) {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
