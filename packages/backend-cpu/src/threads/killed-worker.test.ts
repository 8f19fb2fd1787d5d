/** A worker that dies in the middle of a step, with a chunk of it that nobody will finish. */

import { Worker } from 'node:worker_threads';
import { type Executable, type HostArray, ProgramBuilder, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { afterEach, expect, it } from 'vitest';
import { CpuBackend } from '../backend.js';
import { control, controlAddress } from './control.js';

const open: CpuBackend[] = [];

afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

/** Takes a chunk as workers do, and ends. */
const dying = `
  const { workerData: { buffer, ticket, chunks, state } } = require('node:worker_threads');
  const words = new Int32Array(buffer);
  const tickets = new BigInt64Array(buffer);
  Atomics.store(words, state, 1);
  for (;;) {
    const next = Atomics.load(tickets, ticket);
    if (Number(BigInt.asUintN(32, next)) >= Atomics.load(words, chunks)) continue;
    if (Atomics.compareExchange(tickets, ticket, next, next + 1n) === next) break;
  }
  Atomics.store(words, state, 2);`;

function expectSame(actual: HostArray, expected: Float32Array): void {
  expect((actual as Float32Array).findIndex((x, i) => x !== expected[i])).toBe(-1);
}

const count = 1 << 20;
const type = tensorType('float32', [count]);

it('fails the step in time; what it had begun to overwrite says so, all else is as before, and later steps run', async () => {
  const options = { threads: 2, relaxedSimd: false, deadlineMilliseconds: 100 };
  const backend = new CpuBackend(options, { step: 1, chunk: 1, wake: 1 });
  open.push(backend);
  // Weights that are updated in place, and a result that is not.
  const builder = new ProgramBuilder();
  const [w, g] = [builder.input(type), builder.input(type)];
  const program = builder.build([emit.add(builder, w, g), emit.negate(builder, g)], 'update', [0, undefined]);
  const executable: Executable = backend.compile(program);
  const weights = new Float32Array(count).fill(1);
  const gradients = Float32Array.from({ length: count }, (_, i) => i % 7);
  backend.write(2, type, gradients);
  const { buffer } = backend.engine.memory.memory;
  const state = (controlAddress + control.byteLength) / 4;
  const at = (field: 'ticket' | 'chunks', bytes: number): number => (controlAddress + control[field]) / bytes;
  const worker = new Worker(dying, {
    eval: true,
    workerData: { buffer, ticket: at('ticket', 8), chunks: at('chunks', 4), state },
  });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  const words = new Int32Array(buffer);
  while (Atomics.load(words, state) === 0) await new Promise((resolve) => setTimeout(resolve, 1));

  // Until the worker was quick enough to take a chunk.
  for (let round = 0; Atomics.load(words, state) < 2; round++) {
    if (round > 0) backend.free([3, 4]);
    backend.write(1, type, weights);
    executable.execute({ inputs: [1, 2], outputs: [3, 4] });
  }
  await ended;
  const lost = { code: 'DEVICE_LOST', subject: 'update', received: 'no answer before the deadline' };
  await expect(backend.read(3)).rejects.toMatchObject(lost);
  await expect(backend.read(4)).rejects.toMatchObject(lost);
  // Neither old nor new: better none than half of each.
  await expect(backend.read(1)).rejects.toMatchObject(lost);
  expectSame(await backend.read(2), gradients);

  const [updated, negated] = [gradients.map((x) => x + 1), gradients.map((x) => -x)];
  backend.free([1, 3, 4]);
  backend.write(1, type, weights);
  for (let i = 0; i < 3; i++) {
    executable.execute({ inputs: [1, 2], outputs: [5, 6], vetoed: [0] });
    expectSame(await backend.read(5), updated);
    expectSame(await backend.read(6), negated);
    backend.free([5, 6]);
  }
  expectSame(await backend.read(1), weights);
});
