// @ts-check
/** What WebAssembly's own `memory.copy` moves: as many bytes as the case reads and writes, a share on each thread. */

import { Worker } from 'node:worker_threads';

/** `(func (export "copy") (param i32 i32 i32) …)` on an imported shared memory of up to 4 GiB: `memory.copy`. */
const code = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 7, 1, 96, 3, 127, 127, 127, 0],
  ...[2, 15, 1, 3, 101, 110, 118, 3, 109, 101, 109, 2, 3, 1, 128, 128, 4],
  ...[3, 2, 1, 0],
  ...[7, 8, 1, 4, 99, 111, 112, 121, 0, 0],
  ...[10, 14, 1, 12, 0, 32, 0, 32, 1, 32, 2, 252, 10, 0, 0, 11],
]);

const share = 2 ** 25;

/** Turns: the main thread counts up in 0, the worker of place i answers in i. */
const worker = `
const { workerData: { code, memory, turns, place, share } } = require('node:worker_threads');
const { copy } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { mem: memory } }).exports;
const from = 2 * place * share;
for (let turn = 1; ; turn++) {
  while (Atomics.load(turns, 0) < turn) Atomics.wait(turns, 0, turn - 1);
  copy(from + share, from, Atomics.load(turns, 1));
  Atomics.store(turns, 1 + place, turn);
}
`;

/** @param {number} threads */
export function open(threads) {
  const memory = new WebAssembly.Memory({ initial: (2 * share * threads) / 65536, maximum: 65536, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { mem: memory } });
  const copy = /** @type {(to: number, from: number, bytes: number) => void} */ (exports.copy);
  new Uint8Array(memory.buffer).fill(1);
  const turns = new Int32Array(new SharedArrayBuffer(4 * (threads + 1)));
  for (let place = 1; place < threads; place++) {
    new Worker(worker, { eval: true, workerData: { code, memory, turns, place, share } }).unref();
  }
  return ({ bytes }) => {
    const length = Math.ceil(bytes / 2 / threads);
    return {
      run() {
        Atomics.store(turns, 1, length);
        const turn = Atomics.add(turns, 0, 1) + 1;
        Atomics.notify(turns, 0);
        copy(share, 0, length);
        for (let place = 1; place < threads; place++) while (Atomics.load(turns, 1 + place) < turn);
      },
    };
  };
}
