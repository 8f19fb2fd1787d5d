import { readFileSync } from 'node:fs';
import { buildProgram, type Executable, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { afterEach, describe, expect, it } from 'vitest';
import { CpuBackend } from '../backend.js';
import { reservedBytes } from '../engine.js';
import { LinearMemory } from '../memory/linear-memory.js';
import { WebAssembly } from '../platform/globals.js';
import { hostFunctions } from '../program/host-functions.js';
import * as memoryOp from '../wasm/late-memory-op.js';
import * as op from '../wasm/late-op.js';
import { ModuleWriter } from '../wasm/module-writer.js';
import { control, controlAddress, runStatus } from './control.js';
import { emitThreadCode } from './emit-threads.js';
import { ThreadPool } from './pool.js';

const pools: ThreadPool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.stop();
});

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

type Job = 'count' | 'trap in workers' | 'hang in workers';

/**
 * Steps of 64 chunks. Each chunk counts up its own word and, at `0` of the table, the chunks that workers did; so that
 * workers get any, the calling thread dawdles.
 */
function setUp(job: Job, deadlineMilliseconds = 200) {
  const linear = new LinearMemory({ shared: true, reservedBytes, limitBytes: 2 ** 32 });
  const table = linear.allocate(4096, 'table');
  const module = new ModuleWriter();
  module.importMemory('env', 'memory', { initialPages: 1, maximumPages: 65536, shared: true });
  const f = module.function('job', ['i32', 'i32', 'i32', 'i32'], []);
  const [, start, , thread] = [0, 1, 2, 3];
  const spin = f.local('i32');
  f.get(thread);
  f.if();
  if (job === 'trap in workers') f.op(op.unreachable);
  if (job === 'hang in workers') {
    f.loop();
    f.branch(0);
    f.end();
  }
  f.i32(table);
  f.i32(1);
  f.memory(memoryOp.i32AtomicAdd);
  f.drop();
  f.else();
  f.i32(20_000);
  f.set(spin);
  f.loop();
  f.increment(spin, -1);
  f.get(spin);
  f.branchIf(0);
  f.end();
  f.end();
  f.get(start);
  f.i32(4);
  f.op(op.i32Mul);
  f.i32(1);
  f.memory(memoryOp.i32AtomicAdd, table + 4);
  f.drop();
  const { parallel, work } = emitThreadCode(module, { runJob: f.index, deadlineMilliseconds });
  module.export('parallel', parallel);
  module.export('work', work);
  const bytes = module.finish();
  const address = linear.allocate(bytes.length, 'code');
  linear.bytes.set(bytes, address);
  const imports = { env: { memory: linear.memory } };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  const pool = new ThreadPool(linear.memory, 2);
  pools.push(pool);
  const run = (): number => {
    pool.open({ serial: 1, address, bytes: bytes.length, table });
    const status = (instance.exports.parallel as (job: number, items: number, chunk: number) => number)(0, 64, 1);
    pool.close();
    return status;
  };
  const words = (): Int32Array => new Int32Array(linear.memory.buffer, table, 65);
  /** Runs until a worker took part, or 10 s. */
  const runUntilShared = async (): Promise<number> => {
    let status: number = runStatus.ok;
    for (let i = 0; i < 2000 && status === runStatus.ok && words()[0] === 0; i++) {
      status = run();
      await pause(5);
    }
    return status;
  };
  return { pool, run, words, runUntilShared };
}

describe('threads', () => {
  it('share the chunks of a step, each done once', async () => {
    const { run, words, runUntilShared } = setUp('count');
    expect(await runUntilShared()).toBe(runStatus.ok);
    const before = words()[1]!;
    for (let i = 0; i < 500; i++) expect(run()).toBe(runStatus.ok);
    expect(words()[0]).toBeGreaterThan(0);
    expect([...words().slice(1)]).toEqual(new Array(64).fill(before + 500));
  });

  it('work again after a long sleep', async () => {
    const { run, words, runUntilShared } = setUp('count');
    await runUntilShared();
    await pause(100);
    const before = words()[1]!;
    expect(run()).toBe(runStatus.ok);
    expect([...words().slice(1)]).toEqual(new Array(64).fill(before + 1));
  });

  it('report a worker that traps', async () => {
    const { pool, runUntilShared } = setUp('trap in workers');
    expect(await runUntilShared()).toBe(runStatus.workerFault);
    pool.stop();
  });

  it('give up a worker that does not answer', async () => {
    const { pool, runUntilShared } = setUp('hang in workers', 50);
    expect(await runUntilShared()).toBe(runStatus.deadline);
    pool.stop();
  });

  it('start anew after they were stopped', async () => {
    const { pool, run, words, runUntilShared } = setUp('count');
    await runUntilShared();
    pool.stop();
    words()[0] = 0;
    expect(await runUntilShared()).toBe(runStatus.ok);
    expect(words()[0]).toBeGreaterThan(0);
    expect(run()).toBe(runStatus.ok);
  });
});

describe('the control block', () => {
  it('lies in the reserved part of the memory', () => {
    expect(controlAddress + control.byteLength).toBeLessThanOrEqual(reservedBytes);
  });
});

describe('worker.js', () => {
  it('has the offsets of the control block', () => {
    const source = readFileSync(new URL('./worker.js', import.meta.url), 'utf8');
    const offsets = [...source.matchAll(/^const (\w+)At = (\d+);$/gm)].map(([, name, offset]) => [
      name,
      Number(offset),
    ]);
    expect(offsets).toHaveLength(10);
    for (const [name, offset] of offsets) expect(control).toHaveProperty(name as string, offset);
  });

  it('has the functions of the host that modules import', () => {
    const source = readFileSync(new URL('./worker.js', import.meta.url), 'utf8');
    const [, members] = /function mathFunctions\(\) {.*?return {(.*?)\n {2}};/s.exec(source)!;
    const names = [...members!.matchAll(/^ {4}(\w+)[:,]/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual([...hostFunctions].sort());
  });
});

describe('results', () => {
  it('do not depend on the number of threads', async () => {
    const f32 = (...shape: number[]) => tensorType('float32', shape);
    const program = buildProgram([f32(300, 300), f32(300, 300)], (e, a, b) => {
      const dot = emit.dotGeneral(e, a!, b!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] });
      return [emit.reduceSum(e, emit.tanh(e, dot), [0]), emit.reduceSum(e, dot, [0, 1])];
    });
    const [one, two] = [1, 2].map((threads) => new CpuBackend({ threads }, { step: 1, chunk: 1, wake: 1 }));
    const data = Float32Array.from({ length: 90_000 }, (_, i) => Math.sin(i));
    for (const b of [one!, two!]) {
      b.write(1, f32(300, 300), data);
      b.write(2, f32(300, 300), data);
    }
    const expected = run(one!, 0);
    for (let i = 0; i < 40; i++) {
      expect(run(two!, i)).toEqual(expected);
      await pause(5);
    }
    expect(two!.engine.pool!.started).toBe(1);
    for (const b of [one!, two!]) await b.close();

    function run(b: CpuBackend, round: number) {
      const executable = b.compile(program) as Executable;
      const outputs = [10 + 2 * round, 11 + 2 * round];
      executable.execute({ inputs: [1, 2], outputs });
      executable.release();
      return outputs.map((id) => b.readSync(id));
    }
  });
});
