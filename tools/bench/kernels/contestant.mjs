// @ts-check
/**
 * A contestant: computes the cases of a group with one library.
 *
 *   node tools/bench/kernels/contestant.mjs LIBRARY THREADS GROUP
 *
 * A library is a module of `contestants`, whose `open(threads)` gives a function that prepares a case.
 */

import { answer, request, sparing } from '../support/answering.mjs';
import { fingerprint, hashed, sizeOf } from '../support/hashed-numbers.mjs';
import { reasonOf, timeOf } from '../support/statistics.mjs';
import { cases } from './cases.mjs';

/** @typedef {{ shape: readonly number[], data: Float32Array }} Input */
/**
 * @typedef {object} Prepared
 * @property {() => unknown} run Once, to the end; may return a promise.
 * @property {() => ArrayLike<number> | Promise<ArrayLike<number>>} [result] Row-major, images as NHWC.
 */
/** @typedef {(kernel: import('./cases.mjs').Case, inputs: readonly Input[]) => Prepared | Promise<Prepared>} Prepare */

const [library, threads, group] = process.argv.slice(2);
const { open } = await import(`./contestants/${library}.mjs`);
const prepare = /** @type {Prepare} */ (await open(Number(threads)));

const prepared = [];
const prints = {};
const cannot = {};
for (const kernel of cases[group]) {
  const inputs = kernel.inputs.map((shape, seed) => ({ shape, data: hashed(sizeOf(shape), seed) }));
  try {
    const { run, result } = await prepare(kernel, inputs);
    if (result) prints[kernel.name] = fingerprint(await result());
    prepared.push({ kernel, seconds: sparing(() => timeOf(run, 0.05, 0.5)) });
  } catch (error) {
    cannot[kernel.name] = reasonOf(error);
  }
}
answer({ prints, cannot });

for (;;) {
  const counted = await request();
  const rates = {};
  for (const { kernel, seconds } of prepared) {
    const { name, operations, bytes = 0 } = kernel;
    const taken = await seconds(counted);
    if (taken !== undefined) rates[name] = (operations ?? bytes) / taken / 1e9;
  }
  answer(rates);
}
