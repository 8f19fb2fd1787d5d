// @ts-check
/** The tables: on the terminal, as Markdown and as JSON. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { amount } from './bars.mjs';
import { drawChart } from './chart.mjs';
import { labels } from './entrants.mjs';
import { preface, sections } from './words.mjs';

/** @typedef {import('./rows.mjs').Row} Row */
/** @typedef {import('./rows.mjs').Figure} Figure */

/**
 * @typedef {object} Report
 * @property {ReturnType<typeof import('./machine.mjs').describeMachine>} machine
 * @property {Record<string, string>} peers Versions of those that were found.
 * @property {readonly Row[]} rows
 */

/**
 * Medians, on one thread and on all.
 * @param {Figure | undefined} figure
 */
function figureCell(figure) {
  if (figure === undefined) return '';
  const { single, several, cannot } = figure;
  const reached = [single, several].flatMap((summary) => (summary === undefined ? [] : [amount(summary.median)]));
  if (reached.length > 0) return reached.join(' / ');
  return `cannot: ${cannot}`;
}

/** @param {import('./bars.mjs').Judged} judged */
function barCell({ bar, reached, met }) {
  if (met === undefined || reached === undefined) return `${bar}: not measured`;
  return `${bar}: ${met ? 'met' : 'MISSED'} (${amount(reached)})`;
}

/**
 * One group; only the columns that it has something for.
 * @param {readonly Row[]} rows
 */
function table(rows) {
  const contestants = Object.keys(labels).filter((who) => rows.some(({ figures }) => who in figures));
  const compared = rows.some(({ ratio }) => ratio);
  const barred = rows.some(({ bars }) => bars.length > 0);
  const head = ['what', 'unit', ...contestants.map((who) => labels[who])];
  if (compared) head.push('× the best peer');
  if (barred) head.push('bar');
  const body = rows.map(({ name, unit, figures, ratio, bars }) => {
    const cells = contestants.map((who) => figureCell(figures[who]));
    return [
      ...[name, unit, ...cells],
      ...(compared ? [ratio ? `${amount(ratio.median)} (${amount(ratio.best)})` : ''] : []),
      ...(barred ? [bars.map(barCell).join('; ')] : []),
    ];
  });
  return markdown([head, ...body]);
}

/** @param {string[][]} lines */
function markdown(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`);
  text.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  return text.join('\n');
}

/** @param {Report} report */
export function tables({ rows }) {
  const groups = [...new Set(rows.map(({ group }) => group))];
  return groups
    .map((group) => {
      const { title, text } = sections[group];
      return `## ${title}\n\n${text}\n\n${table(rows.filter((row) => row.group === group))}\n`;
    })
    .join('\n');
}

/** @param {Report} report */
function describe({ machine, peers }) {
  const { cpu, cores, memoryGiB, platform, node, load } = machine;
  const others = Object.entries(peers).map(([who, version]) => `${labels[who]} ${version}`);
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}, Node ${node}, load before ${amount(load)}. Beside it: ${others.join('; ')}.`;
}

/**
 * @param {Report} report
 * @param {string} folder
 */
export async function write(report, folder) {
  mkdirSync(folder, { recursive: true });
  const text = `${preface}\n${describe(report)}\n\n![Ceratops beside its peers](chart.svg)\n\n${tables(report)}`;
  writeFileSync(join(folder, 'README.md'), text);
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(report, rounded, 2)}\n`);
  writeFileSync(join(folder, 'chart.svg'), await drawChart(report));
}

/** @param {string} _key */
function rounded(_key, value) {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
