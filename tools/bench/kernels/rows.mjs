// @ts-check
/** Products, convolutions and what only moves memory, beside every library that can compute them. */

import { race } from '../support/contestant.mjs';
import { node, python, wasmPeers } from '../support/entrants.mjs';
import { sameNumbers } from '../support/hashed-numbers.mjs';
import { figuresOf, row } from '../support/rows.mjs';
import { cases } from './cases.mjs';

/** @typedef {import('../support/settings.mjs').Settings} Settings */
/** @typedef {import('../support/contestant.mjs').Result} Result */
/** @typedef {import('../support/bars.mjs').Bar} Bar */

const both = /** @type {const} */ (['single', 'several']);
const one = /** @type {const} */ (['single']);
const libraries = { ceratops: both, 'onnxruntime-web': both, tfjs: one, 'jax-js': both, 'onnxruntime-node': both };

/**
 * @param {keyof typeof cases} group
 * @param {Settings} settings
 */
function entrants(group, { threads, peers }) {
  const members = group === 'elementwise' ? { ...libraries, copy: both } : libraries;
  const script = ({ backend }) => ['tools/bench/kernels/peer_kernels.py', backend, JSON.stringify(cases[group])];
  return [
    ...Object.entries(members).flatMap(([who, variants]) =>
      node(who, variants, threads, (count) => ['tools/bench/kernels/contestant.mjs', who, count, group]),
    ),
    ...python('jax', peers.jax, script),
    ...python('tensorflow', peers.tensorflow, script),
  ];
}

/**
 * Takes the figures from whoever computed something else than most.
 * @param {readonly Result[]} results
 * @param {string} name
 */
function compareNumbers(results, name) {
  const reported = results.flatMap((result) => {
    const print = result.ready.prints?.[name];
    return print ? [{ result, print }] : [];
  });
  const agreeing = ({ print }) => reported.filter((other) => sameNumbers(print, other.print)).length;
  for (const one of reported) {
    if (2 * agreeing(one) > reported.length) continue;
    const { who } = one.result.entrant;
    if (who === 'ceratops') throw new Error(`${name}: Ceratops computes something else than its peers`);
    delete one.result.figures[name];
    one.result.ready.cannot = { ...one.result.ready.cannot, [name]: 'computes something else' };
  }
}

/** @type {Record<keyof typeof cases, (kernel: import('./cases.mjs').Case) => Bar[]>} */
const bars = {
  products: ({ faster }) => (faster ? [{ than: wasmPeers, timesAsFast: faster, on: 'single' }] : []),
  convolutions: ({ faster }) => (faster ? [{ than: ['onnxruntime-web'], timesAsFast: faster, on: 'single' }] : []),
  elementwise: ({ op }) =>
    op === 'geluChain' || op === 'scaleShift' ? both.map((on) => ({ than: ['copy'], timesAsFast: 0.7, on })) : [],
};

/**
 * @param {keyof typeof cases} group
 * @returns {(settings: Settings) => Promise<import('../support/rows.mjs').Row[]>}
 */
export const kernelRows = (group) => async (settings) => {
  const results = await race(entrants(group, settings), { rounds: settings.rounds, warmups: 1 });
  const unit = group === 'elementwise' ? 'GB/s' : 'GFLOP/s';
  return cases[group].map((kernel) => {
    compareNumbers(results, kernel.name);
    const options = { better: /** @type {const} */ ('higher'), bars: bars[group](kernel) };
    return row(group, kernel.name, unit, figuresOf(results, kernel.name), options);
  });
};
