import {
  type Backend,
  buildProgram,
  type Emitter,
  type Executable,
  isCeratopsError,
  type Program,
  ProgramBuilder,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { afterEach, describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { CpuBackend } from './backend.js';
import { packageVersion } from './version.js';

const f32 = (...shape: number[]) => tensorType('float32', shape);
const open: CpuBackend[] = [];

function backend(options: ConstructorParameters<typeof CpuBackend>[0] = {}): CpuBackend {
  const made = new CpuBackend({ threads: 1, ...options });
  open.push(made);
  return made;
}

afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

function compile(on: Backend, program: Program): Executable {
  return on.compile(program) as Executable;
}

/** x ← x + g, input 0 giving its storage to output 0. */
function update(length: number): Program {
  const builder = new ProgramBuilder();
  const [x, g] = [builder.input(f32(length)), builder.input(f32(length))];
  return builder.build([emit.add(builder, x, g)], 'update', [0, undefined]);
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (isCeratopsError(error)) return error.code;
    throw error;
  }
  return 'no error';
}

describe('buffers', () => {
  it('come back as they were written, as copies', () => {
    const b = backend();
    const data = Float32Array.of(1, 2, 3);
    b.write(1, f32(3), data);
    data[0] = 9;
    const read = b.readSync(1) as Float32Array;
    expect([...read]).toEqual([1, 2, 3]);
    read[1] = 9;
    expect([...(b.readSync(1) as Float32Array)]).toEqual([1, 2, 3]);
  });

  it('of size zero exist', () => {
    const b = backend();
    b.write(1, f32(0, 4), new Float32Array(0));
    expect(b.readSync(1).length).toBe(0);
  });

  it('break the contract with a typed error', () => {
    const b = backend();
    b.write(1, f32(3), new Float32Array(3));
    expect(codeOf(() => b.write(1, f32(3), new Float32Array(3)))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => b.write(2, f32(3), new Float32Array(4)))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => b.write(2, f32(3), new Int32Array(3)))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => b.readSync(7))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => b.free([1, 1]))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => b.free([1, 7]))).toBe('INVALID_ARGUMENT');
    b.free([1]);
    expect(codeOf(() => b.free([1]))).toBe('INVALID_ARGUMENT');
  });

  it('leave no bytes behind', () => {
    const b = backend();
    const before = b.memory().liveBytes;
    const executable = compile(b, update(1000));
    for (let i = 0; i < 50; i++) {
      b.write(3 * i, f32(1000), new Float32Array(1000));
      b.write(3 * i + 1, f32(1000), new Float32Array(1000));
      executable.execute({ inputs: [3 * i, 3 * i + 1], outputs: [3 * i + 2], vetoed: i % 2 === 0 ? [0] : [] });
      b.free(i % 2 === 0 ? [3 * i, 3 * i + 1, 3 * i + 2] : [3 * i + 1, 3 * i + 2]);
    }
    executable.release();
    expect(b.memory().liveBuffers).toBe(0);
    expect(b.memory().liveBytes).toBe(before);
    expect(b.memory().peakBytes).toBeLessThan(20_000);
  });
});

describe('aliases', () => {
  const one = Float32Array.from({ length: 100 }, (_, i) => i);
  const two = Float32Array.from({ length: 100 }, () => 0.5);
  const sum = one.map((x) => x + 0.5);

  it('are taken: the input is gone, no memory is', () => {
    const b = backend();
    b.write(1, f32(100), one);
    b.write(2, f32(100), two);
    const executable = compile(b, update(100));
    const before = b.memory().liveBytes;
    executable.execute({ inputs: [1, 2], outputs: [3] });
    expect(b.memory().liveBytes).toBe(before);
    expect(b.readSync(3)).toEqual(sum);
    expect(codeOf(() => b.readSync(1))).toBe('INVALID_ARGUMENT');
    expect(b.readSync(2)).toEqual(two);
  });

  it('are left alone when vetoed, or when one buffer is given twice', () => {
    const b = backend();
    b.write(1, f32(100), one);
    b.write(2, f32(100), two);
    const executable = compile(b, update(100));
    executable.execute({ inputs: [1, 2], outputs: [3], vetoed: [0] });
    expect([b.readSync(1), b.readSync(3)]).toEqual([one, sum]);
    executable.execute({ inputs: [1, 1], outputs: [4] });
    expect([b.readSync(1), b.readSync(4)]).toEqual([one, one.map((x) => 2 * x)]);
  });
});

describe('calls that do not fit', () => {
  it('throw and change nothing', () => {
    const b = backend();
    b.write(1, f32(100), new Float32Array(100));
    b.write(2, f32(99), new Float32Array(99));
    const executable = compile(b, update(100));
    for (const call of [
      { inputs: [1], outputs: [3] },
      { inputs: [1, 2], outputs: [3] },
      { inputs: [1, 7], outputs: [3] },
      { inputs: [1, 1], outputs: [] },
      { inputs: [1, 1], outputs: [1] },
    ])
      expect(codeOf(() => executable.execute(call))).toBe('INVALID_ARGUMENT');
    expect(b.memory().liveBuffers).toBe(2);
    executable.release();
    expect(codeOf(() => executable.execute({ inputs: [1, 1], outputs: [3] }))).toBe('DISPOSED');
  });
});

describe('failures', () => {
  it('out of memory: the read rejects, dependants too, the next call works, inputs are as before', async () => {
    const b = backend({ memoryLimitBytes: 3_000_000 });
    const grow = (e: Emitter, x: Value): Value[] => [emit.broadcastInDim(e, x, [1000, 1000], [1])];
    const large = compile(
      b,
      buildProgram([f32(1000)], (e, x) => grow(e, x!)),
    );
    const small = compile(
      b,
      buildProgram([f32(1000)], (e, x) => [emit.negate(e, x!)]),
    );
    const after = compile(
      b,
      buildProgram([f32(1000, 1000)], (e, x) => [emit.reduceSum(e, x!, [0, 1])]),
    );
    const data = Float32Array.from({ length: 1000 }, (_, i) => i);
    b.write(1, f32(1000), data);
    large.execute({ inputs: [1], outputs: [2] });
    after.execute({ inputs: [2], outputs: [3] });
    await expect(b.read(2)).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      expected: expect.stringContaining('3000000'),
    });
    await expect(b.read(3)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    small.execute({ inputs: [1], outputs: [4] });
    expect(await b.read(4)).toEqual(data.map((x) => -x));
    expect(await b.read(1)).toEqual(data);
    b.free([1, 2, 3, 4]);
    expect(b.memory().liveBuffers).toBe(0);
  });

  it('nothing is unhandled when nobody reads', async () => {
    const b = backend({ memoryLimitBytes: 100_000 });
    const large = compile(
      b,
      buildProgram([f32()], (e, x) => [emit.broadcastInDim(e, x!, [1000, 1000], [])]),
    );
    b.write(1, f32(), Float32Array.of(1));
    large.execute({ inputs: [1], outputs: [2] });
    await b.synchronize();
  });
});

describe('the backend', () => {
  it('closes once, and says so', async () => {
    const b = backend();
    b.write(1, f32(3), new Float32Array(3));
    await b.close();
    await b.close();
    expect(codeOf(() => b.readSync(1))).toBe('INVALID_STATE');
  });

  it('has the version of its package', () => {
    expect(packageVersion).toBe(packageJson.version);
  });

  it('says which kernel each step got', () => {
    const program = buildProgram([f32(64, 64), f32(64, 64)], (e, a, b) => [
      emit.tanh(e, emit.dotGeneral(e, a!, b!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] })),
    ]);
    const text = compile(backend(), program).explain();
    expect(text).toMatch(/dot_general: gemm 64×64×64.*, then tanh on the rows of each item/);
  });
});
