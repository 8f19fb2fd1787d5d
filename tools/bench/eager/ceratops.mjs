// @ts-check
/**
 * A contestant: what eager code costs on the host, an op at a time. Tensors are tiny, so that hardly anything is computed.
 *
 *   node tools/bench/eager/ceratops.mjs null|cpu
 *
 * `null` is the registry's null device: it validates and keeps accounts, but compiles and computes nothing.
 */

import { createCpuBackend } from '@ceratops/backend-cpu';
import { asTensor, jit, tensor, useBackend, Variable } from '@ceratops/core';
import * as primitives from '@ceratops/core/primitives';
import { nullBackend } from '@ceratops/kernel-registry/testing';
import { answer, request } from '../support/answering.mjs';
import { summarise } from '../support/statistics.mjs';

const computes = process.argv[2] === 'cpu';
const backend = computes ? createCpuBackend({ threads: 1 }) : nullBackend();
const counters = countCalls(backend);
useBackend(backend);

/** Counts the programs that are compiled and run. */
function countCalls(device) {
  const count = { compiles: 0, executes: 0 };
  const compile = device.compile.bind(device);
  device.compile = (program, options) => {
    count.compiles++;
    const executable = compile(program, options);
    const execute = executable.execute.bind(executable);
    executable.execute = (call) => {
      count.executes++;
      execute(call);
    };
    return executable;
  };
  return count;
}

const length = 1000;
const start = Float32Array.from({ length: 16 }, (_, i) => i / 16);
const x = tensor(start);
const y = tensor(new Float32Array(16).fill(0.5));

/** What each op does to two tensors and to two numbers. */
const ops = [
  [primitives.add, (a, b) => a + b],
  [primitives.multiply, (a, b) => a * b],
  [primitives.subtract, (a, b) => a - b],
  [primitives.maximum, Math.max],
];

/** `count` ops in a row; `pick` chooses the op at each place. */
function chain(count, pick) {
  let value = x;
  for (let i = 0; i < count; i++) value = ops[pick(i) & 3][0](value, y);
  return value.data();
}

/** Ends where another route would be faster than computing: the figures would mean nothing. */
async function check(pick) {
  const result = await chain(length, pick);
  const expected = start.map((value) => {
    for (let i = 0; i < length; i++) value = Math.fround(ops[pick(i) & 3][1](value, 0.5));
    return value;
  });
  if (computes && result.some((value, i) => value !== expected[i])) throw new Error('a chain computed something else');
}

let scale = 1;
/** A scalar that was never used before, as a row. */
const freshScalar = () => primitives.broadcastTo(asTensor(++scale * 0.37, 'float32'), [16]);

function scalars() {
  let value = x;
  for (let i = 0; i < length / 2; i++) value = primitives.multiply(value, freshScalar());
  return value.data();
}

const scaled = () => primitives.multiply(x, freshScalar()).data();
const one = () => primitives.add(x, y).data();

let seed = 1;
const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 16;

const square = tensor(new Float32Array(256), { shape: [16, 16] });
const mixes = [
  (value) => primitives.add(value, square),
  (value) => primitives.transpose(value, [1, 0]),
  (value) => primitives.tanh(value),
  (value) => primitives.maximum(value, primitives.broadcastInDim(primitives.reduceMax(value, [0]), [16, 16], [1])),
];

/** Reductions, broadcasts and transposes as well, which do not become one loop; `length` ops in all. */
function mixed() {
  let value = square;
  for (let ops = 0; ops < length; ) {
    const kind = random() & 3;
    value = mixes[kind](value);
    ops += kind === 3 ? 3 : 1;
  }
  return value.data();
}

const variables = Array.from({ length: 60 }, () => new Variable(tensor(new Float32Array(16))));
const step = jit((a) => {
  for (const variable of variables) variable.assign(primitives.add(variable.value, a));
  return primitives.multiply(a, a);
});

/** Median seconds of a call; every call must reach the device. */
async function seconds(repeats, run) {
  const samples = [];
  const before = counters.executes;
  for (let i = 0; i < repeats; i++) {
    const from = performance.now();
    await run(i);
    samples.push((performance.now() - from) / 1000);
  }
  if (counters.executes - before < repeats) throw new Error('a chain was not run');
  return summarise(samples).median;
}

async function compilations(repeats, run) {
  await run();
  const before = counters.compiles;
  for (let i = 0; i < repeats; i++) await run();
  return counters.compiles - before;
}

await check((i) => i);
await check((i) => i * 7 + (i >> 3));
answer({});
for (;;) {
  await request();
  answer({
    cached: (await seconds(50, () => chain(length, (i) => i))) / length,
    scalars: (await seconds(50, scalars)) / length,
    neverSeen: (await seconds(20, () => chain(length, random))) / length,
    neverSeenMixed: (await seconds(20, mixed)) / length,
    changedScalar: await compilations(200, scaled),
    read: await seconds(300, one),
    jitted: await seconds(100, () => {
      step(x).dispose();
      return backend.synchronize();
    }),
  });
}
