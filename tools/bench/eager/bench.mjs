/**
 * What eager code costs on the host, per op, without any computing: a cached chain, a chain never seen before, one op with its
 * read, a loop whose scalar changes, a jitted step. Run `npm run build` first; prints a table with the bars of the design.
 *
 *   node tools/bench/eager/bench.mjs [--device null|none|cpu]
 *
 * `null` is the registry's null device (it validates and keeps accounts), `none` a device that does nothing at all.
 */
import { parseArgs } from 'node:util';
import { asTensor, jit, tensor, useBackend, Variable } from '@ceratops/core';
import * as primitives from '@ceratops/core/primitives';
import { contractVersion, dtypes, opsetVersion } from '@ceratops/kernel-registry';
import { nullBackend } from '@ceratops/kernel-registry/testing';

const { values } = parseArgs({ options: { device: { type: 'string', default: 'none' } } });

/** A device without any cost of its own. */
function noBackend() {
  const support = Object.fromEntries(
    Object.keys(dtypes).map((name) => [name, { storage: true, arithmetic: true, accelerated: false }]),
  );
  const counters = { compiles: 0 };
  return {
    name: 'none',
    version: '0',
    contract: contractVersion,
    opset: opsetVersion,
    failure: 'atomic',
    dtypes: support,
    counters,
    devices: () => [],
    query: () => ({ kind: 'native' }),
    compile: (program) => {
      counters.compiles++;
      return { program, temporaryBytes: 0, execute() {}, explain: () => '', release() {} };
    },
    write() {},
    read: async () => new Float32Array(1),
    readSync: () => new Float32Array(1),
    free() {},
    memory: () => ({ liveBytes: 0, peakBytes: 0, liveBuffers: 0 }),
    synchronize: async () => {},
    close: async () => {},
  };
}

async function cpuBackend() {
  const { backends } = await import('@ceratops/kernel-registry');
  await import('@ceratops/backend-cpu');
  return backends()[0].create();
}

const backend = values.device === 'cpu' ? await cpuBackend() : values.device === 'null' ? nullBackend() : noBackend();
useBackend(backend);

const ops = [primitives.add, primitives.multiply, primitives.subtract, primitives.maximum];

/** A chain of `length` ops over two tensors; `pick` chooses the op at each place. */
function chain(x, y, length, pick) {
  let value = x;
  for (let i = 0; i < length; i++) value = ops[pick(i) & 3](value, y);
  return value;
}

async function microseconds(repeats, run) {
  const times = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await run(i);
    times.push((performance.now() - start) * 1000);
  }
  return times.sort((a, b) => a - b)[repeats >> 1];
}

function report(name, value, bar) {
  console.log(`${name.padEnd(48)} ${value.toFixed(2).padStart(9)} µs   bar ${bar} ${value <= bar ? '' : '  MISSED'}`);
}

const x = tensor(new Float32Array(16));
const y = tensor(new Float32Array(16));
const length = 1000;

// Warm up the code with programs of another length.
for (let i = 0; i < 30; i++) await chain(x, y, 300 + i, (k) => k * (i + 1)).data();
for (let i = 0; i < 50; i++) await chain(x, y, length, (k) => k).data();

report(
  'cached chain of 1,000, per op',
  (await microseconds(100, () => chain(x, y, length, (k) => k).data())) / length,
  1.5,
);
const scalars = () => {
  let value = x;
  for (let i = 0; i < length / 2; i++) {
    value = primitives.multiply(value, primitives.broadcastTo(asTensor(0.25 + i, 'float32'), [16]));
  }
  return value.data();
};
for (let i = 0; i < 30; i++) await scalars();
report('cached chain with 500 scalars, per op', (await microseconds(50, scalars)) / length, 1.5);
let seed = 1;
const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 16;
report(
  'never-seen chain of 1,000, per op',
  (await microseconds(30, () => chain(x, y, length, random).data())) / length,
  20,
);
const one = () => primitives.add(x, y).data();
for (let i = 0; i < 1000; i++) await one();
report('one op and its read', await microseconds(1000, one), 50);

const before = backend.counters?.compiles;
let scale = 1;
const scaled = () => primitives.multiply(x, primitives.broadcastTo(asTensor(++scale * 0.37, 'float32'), [16])).data();
for (let i = 0; i < 200; i++) await scaled();
if (before !== undefined) report('programs compiled for 200 changed scalars', backend.counters.compiles - before, 1);
const variables = Array.from({ length: 60 }, () => new Variable(tensor(new Float32Array(16))));
const step = jit((a) => {
  for (const variable of variables) variable.assign(primitives.add(variable.value, a));
  return primitives.multiply(a, a);
});
const train = () => step(x).dispose();
for (let i = 0; i < 200; i++) train();
report('a jitted step with 60 variables', await microseconds(500, train), 100);
await backend.close();
