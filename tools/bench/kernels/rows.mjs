// @ts-check
/** Products, convolutions and what only moves memory, beside every library that can compute them. */

import { compareNumbers } from '../support/compare.mjs';
import { race } from '../support/contestant.mjs';
import { node, python, wasmPeers } from '../support/entrants.mjs';
import { figuresOf, row } from '../support/rows.mjs';
import { cases } from './cases.mjs';

/** @typedef {import('../support/settings.mjs').Settings} Settings */
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
