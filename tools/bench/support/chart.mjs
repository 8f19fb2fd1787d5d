// @ts-check
/** The chart of docs/benchmarks: how many times as fast as each peer Ceratops is, row by row. */

import { ratioTo } from './bars.mjs';
import { sections } from './words.mjs';

/** @typedef {import('./report.mjs').Report} Report */

/** By contestant, the name and colour of its dots; filled for those on WebAssembly, hollow for native code. */
const dots = {
  'onnxruntime-web': { peer: 'onnxruntime-web', color: '#0072b2', filled: true },
  tfjs: { peer: 'tfjs-wasm', color: '#e69f00', filled: true },
  'jax-js': { peer: 'jax-js', color: '#009e73', filled: true },
  'onnxruntime-node': { peer: 'onnxruntime-node', color: '#56b4e9', filled: false },
  jax: { peer: 'JAX, Keras on it', color: '#cc3311', filled: false },
  'keras-jax': { peer: 'JAX, Keras on it', color: '#cc3311', filled: false },
  tensorflow: { peer: 'TensorFlow, Keras on it', color: '#aa4499', filled: false },
  'keras-tensorflow': { peer: 'TensorFlow, Keras on it', color: '#aa4499', filled: false },
};

const width = 560;
const domain = [1 / 16, 64];
const ink = '#333333';

/**
 * A dot for each peer of each row; those beyond the ends of the scale stand at its ends.
 * @param {Report} report
 */
function points({ rows }) {
  return rows.flatMap(({ group, name, better, figures }) =>
    Object.keys(figures).flatMap((who) => {
      const ratio = who in dots ? ratioTo(figures, better, [who], 'several') : undefined;
      if (ratio === undefined) return [];
      const speed = Math.min(Math.max(1 / ratio.median, domain[0]), domain[1]);
      const { peer, color, filled } = dots[who];
      return [{ group, name, speed, peer, fill: filled ? color : 'white' }];
    }),
  );
}

/** The rows of a group, one above the other. */
function panel(values, group, isLast) {
  const names = [...new Set(values.map(({ name }) => name))];
  const y = { field: 'name', type: 'nominal', sort: names, title: null };
  const x = {
    field: 'speed',
    type: 'quantitative',
    scale: { type: 'log', base: 2, domain, nice: false },
    axis: {
      values: [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32, 64],
      labelExpr: tickLabels,
      labels: isLast,
      ticks: isLast,
    },
    title: isLast ? 'times as fast as the peer →' : null,
  };
  return {
    data: { values },
    title: { text: sections[group].title, anchor: 'start', frame: 'group', fontSize: 13, color: ink, offset: 6 },
    width,
    height: { step: 17 },
    layer: [
      { mark: { type: 'rule', color: '#888888', strokeWidth: 1.5 }, encoding: { x: { datum: 1 } } },
      {
        mark: { type: 'rule', color: '#dddddd', strokeWidth: 3, strokeCap: 'round' },
        encoding: { y, x: { ...x, aggregate: 'min' }, x2: { field: 'speed', aggregate: 'max' } },
      },
      { mark: { type: 'point', size: 62, strokeWidth: 2, opacity: 1 }, encoding: { y, x, ...colours } },
    ],
  };
}

const tickLabels = "datum.value < 1 ? '1/' + round(1 / datum.value) : format(datum.value, 'd')";

const peers = [...new Map(Object.values(dots).map((dot) => [dot.peer, dot])).values()];
const onWasm = JSON.stringify(peers.flatMap(({ peer, filled }) => (filled ? [peer] : [])));
const colours = {
  fill: { field: 'fill', type: 'nominal', scale: null, legend: null },
  color: {
    ...{ field: 'peer', type: 'nominal' },
    scale: { domain: peers.map(({ peer }) => peer), range: peers.map(({ color }) => color) },
    legend: {
      ...{ title: null, orient: 'top', columns: 3, symbolSize: 80, labelLimit: 300, labelFontSize: 11.5 },
      symbolFillColor: { expr: `indexof(${onWasm}, datum.label) < 0 ? 'white' : scale('color', datum.label)` },
    },
  },
};

/** @param {Report} report */
function specOf(report) {
  const values = points(report);
  const groups = [...new Set(values.map(({ group }) => group))];
  const { cpu, cores, node } = report.machine;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 16,
    title: {
      text: 'Ceratops beside its peers: how many times as fast it is',
      subtitle: [
        'Right of the line Ceratops is faster. Each library on as many threads as it does best with.',
        'Filled dots: WebAssembly; hollow: native code. A dot at the right end may be further out.',
        `${cpu}, ${cores} cores, Node ${node}. Medians of one run, in turns.`,
      ],
      ...{ anchor: 'start', fontSize: 17, subtitleFontSize: 11.5, subtitleColor: '#666666', color: ink, offset: 12 },
    },
    spacing: 14,
    vconcat: groups.map((group, i) => {
      const own = values.filter((value) => value.group === group);
      return panel(own, group, i === groups.length - 1);
    }),
    config: {
      font: 'Helvetica, Arial, sans-serif',
      view: { stroke: '#eeeeee' },
      axis: {
        gridColor: '#eeeeee',
        domain: false,
        tickColor: '#dddddd',
        labelColor: ink,
        titleColor: ink,
        labelFontSize: 11,
      },
      axisY: { labelLimit: 2000, ticks: false, labelPadding: 8, grid: true },
    },
  };
}

/**
 * @param {Report} report
 * @returns {Promise<string>} An SVG document.
 */
export async function drawChart(report) {
  const { View, parse, textMetrics } = await import('vega');
  // Without a canvas Vega takes letters to be half as wide again as Helvetica's are on average.
  textMetrics.width = (/** @type {any} */ item, /** @type {any} */ text) =>
    0.55 * (item.fontSize ?? 11) * String(text ?? item.text ?? '').length;
  const { compile } = await import('vega-lite');
  const view = new View(parse(compile(/** @type {any} */ (specOf(report))).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}
