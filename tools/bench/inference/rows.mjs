// @ts-check
/** Predictions of the same models, with the same weights, in each library. */

import { specs } from '../models/data.mjs';
import { compareNumbers } from '../support/compare.mjs';
import { race } from '../support/contestant.mjs';
import { node, python } from '../support/entrants.mjs';
import { figuresOf, row } from '../support/rows.mjs';

/** @typedef {import('../support/settings.mjs').Settings} Settings */

const group = 'inference';
const both = /** @type {const} */ (['single', 'several']);

/**
 * @param {string} model
 * @param {Settings} settings
 */
function entrants(model, { threads, peers }) {
  const of = (library) => (count) => [`tools/bench/inference/${library}.mjs`, model, count];
  const onnx = (library) => (count) => ['tools/bench/inference/onnxruntime.mjs', library, model, count];
  const script = () => ['tools/bench/inference/keras_inference.py', model, JSON.stringify(specs[model])];
  return [
    ...node('ceratops', both, threads, of('ceratops')),
    ...node('onnxruntime-web', both, threads, onnx('onnxruntime-web')),
    ...node('tfjs', ['single'], threads, of('tfjs')),
    ...node('jax-js', both, threads, of('jax-js')),
    ...node('onnxruntime-node', both, threads, onnx('onnxruntime-node')),
    ...python('keras-jax', peers.jax, script),
    ...python('keras-tensorflow', peers.tensorflow, script),
  ];
}

/** @param {Settings} settings */
export async function inferenceRows(settings) {
  const rows = [];
  for (const [model, { title, batch }] of Object.entries(specs)) {
    const results = await race(entrants(model, settings), { rounds: settings.rounds, warmups: 1 });
    compareNumbers(results, 'predictions', ['batch', 'one']);
    rows.push(
      row(group, `${title}, batch ${batch}`, 'ms', figuresOf(results, 'batch', 1e3)),
      row(group, `${title}, one sample`, 'µs', figuresOf(results, 'one', 1e6)),
    );
    if (model !== 'mlp') continue;
    const bars = [{ atMost: 100 }];
    rows.push(
      row(group, `${title}, one sample, beyond the kernels' own time`, 'µs', figuresOf(results, 'overhead', 1e6), {
        bars,
      }),
    );
  }
  return rows;
}
