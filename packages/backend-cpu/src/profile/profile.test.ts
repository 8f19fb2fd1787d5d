import { buildProgram, type Executable, type ProfileEvent, type Program, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { afterEach, describe, expect, it } from 'vitest';
import { CpuBackend } from '../backend.js';
import { randomInputs } from '../test-support/check.js';

const f32 = (...shape: number[]) => tensorType('float32', shape);
const i32 = tensorType('int32', []);
const open: CpuBackend[] = [];

function backend(threads = 1): CpuBackend {
  const made = new CpuBackend({ threads, relaxedSimd: false }, { step: 1, chunk: 1, wake: 1 });
  open.push(made);
  return made;
}

afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

/** A product of m × k by k × n with something elementwise behind it, and a sum. */
const denseOf = (m: number, k: number, n: number): Program =>
  buildProgram([f32(m, k), f32(k, n)], (e, x, w) => {
    const product = emit.dotGeneral(e, x!, w!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] });
    const activated = emit.tanh(e, product);
    return [activated, emit.reduceSum(e, emit.multiply(e, activated, activated), [0, 1])];
  });

const dense = denseOf(96, 64, 32);

/** 6 rounds that double x. */
const doubling = buildProgram([i32, f32(64)], (e, zero, x) => {
  const condition = buildProgram([i32, f32(64)], (b, i) => [emit.compare(b, i!, emit.fill(b, i32, 6), 'LT')]);
  const body = buildProgram([i32, f32(64)], (b, i, v) => [emit.add(b, i!, emit.fill(b, i32, 1)), emit.add(b, v!, v!)]);
  return [emit.whileLoop(e, [zero!, x!], condition, body)[1]!];
});

let nextId = 1;

function prepare(on: CpuBackend, program: Program, data = randomInputs(program)) {
  const executable = on.compile(program);
  const inputs = data.map((array, i) => {
    on.write(nextId, program.inputs[i]!.type, array);
    return nextId++;
  });
  const run = () => {
    const outputs = program.outputs.map(() => nextId++);
    executable.execute({ inputs, outputs });
    return outputs.map((id) => on.readSync(id));
  };
  return { executable, run };
}

function profile(on: CpuBackend, action: () => void) {
  on.profile(true);
  action();
  return on.profile(false)!;
}

function inside(program: ProfileEvent, events: readonly ProfileEvent[]): ProfileEvent[] {
  const end = program.start + program.duration;
  return events.filter(({ kind, start, duration }) => {
    return kind === 'kernel' && start >= program.start && start + duration <= end;
  });
}

describe('a profile', () => {
  it('has each kernel of each run, in order, inside its program', () => {
    const on = backend();
    const { run } = prepare(on, dense);
    const { events, lost, peaks } = profile(on, () => {
      run();
      run();
    });
    const programs = events.filter(({ kind }) => kind === 'program');
    expect(programs).toHaveLength(2);
    expect(lost).toBe(0);
    for (const program of programs) {
      const kernels = inside(program, events);
      const named = kernels.map(({ name, ops }) => [name, ...ops].join(' '));
      expect(named.join('; ')).toMatch(/^packB; gemm_tanh dot_general tanh; \S*reduce/);
      expect(new Set(kernels.flatMap(({ ops }) => ops))).toEqual(new Set(['dot_general', 'tanh', 'multiply', 'add']));
      expect(kernels.map(({ thread }) => thread)).toEqual(kernels.map(() => 0));
      for (const [i, { start }] of kernels.entries())
        if (i > 0) expect(start).toBeGreaterThanOrEqual(kernels[i - 1]!.start + kernels[i - 1]!.duration);
      const product = kernels.find(({ name }) => name === 'gemm_tanh')!;
      expect(product).toMatchObject({ flops: 2 * 96 * 64 * 32 + 96 * 32, bytes: 4 * (96 * 64 + 64 * 32 + 96 * 32) });
      expect(program.flops).toBe(kernels.reduce((sum, { flops }) => sum + flops, 0));
    }
    expect(events.filter(({ kind }) => kind === 'kernel')).toHaveLength(
      programs.reduce((count, program) => count + inside(program, events).length, 0),
    );
    expect(peaks!.flops).toBeGreaterThan(0);
    expect(peaks!.bandwidth).toBeGreaterThan(0);
  });

  it('counts the rounds of loops, and the copies in them', () => {
    const on = backend();
    const { run } = prepare(on, doubling, [Int32Array.of(0), new Float32Array(64).fill(1)]);
    const { events } = profile(on, () => expect(run()).toEqual([new Float32Array(64).fill(64)]));
    const doubled = events.filter(({ ops, flops }) => ops.includes('add') && flops === 64);
    expect(doubled).toHaveLength(6);
  });

  it('divides kernels among the threads that did them', async () => {
    const on = backend(2);
    // Long enough for a worker that has to wake up.
    const { run } = prepare(on, denseOf(384, 384, 384));
    const lanes = new Set<number>();
    let events: readonly ProfileEvent[] = [];
    // A worker takes a while to start.
    for (let i = 0; i < 1000 && lanes.size < 2; i++) {
      ({ events } = profile(on, () => run()));
      for (const { thread } of events) lanes.add(thread);
      await new Promise((done) => setTimeout(done, 5));
    }
    expect([...lanes]).toEqual([0, 1]);
    const [program] = events;
    const total = inside(program!, events).reduce(
      (sum, { ops, flops }) => sum + (ops.includes('dot_general') ? flops : 0),
      0,
    );
    expect(total).toBeCloseTo(2 * 384 ** 3 + 384 ** 2, 3);
  }, 60_000);

  it('changes no result', () => {
    for (const threads of [1, 2]) {
      const on = backend(threads);
      const inputs = randomInputs(dense);
      const { run } = prepare(on, dense, inputs);
      const plain = run();
      profile(on, () => expect(run()).toEqual(plain));
      expect(run()).toEqual(plain);
      const [expected] = evaluateProgram(dense, inputs) as Float32Array[];
      for (const [i, x] of (plain[0] as Float32Array).entries()) expect(x).toBeCloseTo(expected![i]!, 4);
    }
  });

  it('leaves no memory behind', () => {
    const on = backend();
    const { run, executable } = prepare(on, dense);
    run();
    executable.release();
    on.engine.releaseArena();
    const { liveBytes } = on.memory();
    profile(on, () => undefined);
    expect(on.memory().liveBytes).toBe(liveBytes);
  });

  it('is one at a time', () => {
    const on = backend();
    expect(() => on.profile(false)).toThrowError(expect.objectContaining({ code: 'INVALID_STATE' }));
    on.profile(true);
    expect(() => on.profile(true)).toThrowError(expect.objectContaining({ code: 'INVALID_STATE' }));
    on.profile(false);
  });
});

describe('explain', () => {
  const line = (executable: Executable, part: RegExp): string => {
    const lines = (executable.explain() as string).split('\n');
    return lines.find((text) => part.test(text)) ?? expect.fail(lines.join('\n'));
  };

  it('has the work of every step and what bounds it', () => {
    const { executable } = prepare(backend(), dense);
    // 2 · 96 · 64 · 32 operations and 96 · 32 of tanh; 4 · (6144 + 2048 + 3072) bytes.
    expect(line(executable, /^dot_general/)).toContain('396 kFLOP, 45.1 kB, 8.8 FLOP/B, bound by compute');
    expect(line(executable, /^\S*reduce/)).toContain('bound by memory');
    expect(executable.explain()).not.toContain('µs');
  });

  it('has times and shares of the peak after a profile', () => {
    const on = backend();
    const { executable, run } = prepare(on, dense);
    profile(on, () => run());
    expect(line(executable, /^dot_general/)).toMatch(/; [\d.]+ µs, \d+ % of peak$/);
  });

  it('has milliseconds as whole microseconds, and no step where there is nothing to be most', () => {
    const on = backend();
    const { executable, run } = prepare(on, denseOf(512, 1024, 512));
    profile(on, () => run());
    expect(line(executable, /^dot_general/)).toMatch(/; \d{4,} µs, \d+ % of peak$/);
    const alone = buildProgram([f32(4)], (e, x) => [emit.negate(e, x!)]);
    expect(line(on.compile(alone), /WebAssembly/)).toMatch(/; at most 0 bytes alive at once$/);
  });

  it('counts what a contraction really multiplies', () => {
    const image = f32(1, 9, 9, 4);
    const kernel = f32(3, 3, 4, 8);
    const program = buildProgram([image, kernel], (e, x, k) => [
      emit.convolution(e, x!, k!, {
        ...{ windowStrides: [1, 1], lhsDilation: [1, 1], rhsDilation: [1, 1], windowReversal: [false, false] },
        ...{
          padding: [
            [0, 0],
            [0, 0],
          ] as const,
          featureGroupCount: 1,
          batchGroupCount: 1,
        },
        ...{ inputBatchDimension: 0, inputFeatureDimension: 3, inputSpatialDimensions: [1, 2] },
        ...{ kernelInputFeatureDimension: 2, kernelOutputFeatureDimension: 3, kernelSpatialDimensions: [0, 1] },
        ...{ outputBatchDimension: 0, outputFeatureDimension: 3, outputSpatialDimensions: [1, 2] },
        ...{ precision: 'default', dtype: 'float32' },
      }),
    ]);
    // 7 · 7 places, 8 features, 3 · 3 · 4 products and sums each.
    expect(line(prepare(backend(), program).executable, /^convolution/)).toContain('28.2 kFLOP');
  });
});
