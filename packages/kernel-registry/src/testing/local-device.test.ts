import { describe, expect, it } from 'vitest';
import { buildProgram } from '../any-op.js';
import { add, constant, multiply } from '../emit/index.js';
import { isCeratopsError } from '../errors.js';
import { tensorType } from '../tensor-type.js';
import { LocalDevice, nullBackend, referenceBackend } from './index.js';

const f2 = tensorType('float32', [2]);
const f = (...values: number[]) => Float32Array.of(...values);
const doubled = buildProgram([f2], (e, x) => [add(e, x, x)]);
const updated = buildProgram([f2, f2], (e, w, g) => [add(e, w, g), multiply(e, g, g)]);
const aliased = { ...updated, inputs: [{ type: f2, aliases: 0 }, { type: f2 }] };

describe('referenceBackend', () => {
  it('runs a program and reads its output, both ways', async () => {
    const backend = referenceBackend();
    backend.write(1, f2, f(1, 2.5));
    backend.compile(doubled).execute({ inputs: [1], outputs: [2] });
    expect(await backend.read(2)).toEqual(f(2, 5));
    expect(backend.readSync?.(2)).toEqual(f(2, 5));
    expect(backend.memory()).toEqual({ liveBytes: 16, peakBytes: 16, liveBuffers: 2 });
  });

  it('copies what is written and what is read', async () => {
    const backend = referenceBackend();
    const data = f(1, 2);
    backend.write(1, f2, data);
    data[0] = 9;
    const read = await backend.read(1);
    read[1] = 9;
    expect(await backend.read(1)).toEqual(f(1, 2));
  });

  it('takes aliased inputs away, unless vetoed or given twice', () => {
    const backend = referenceBackend();
    const executable = backend.compile(aliased);
    backend.write(1, f2, f(1, 1));
    backend.write(2, f2, f(2, 2));
    executable.execute({ inputs: [1, 2], outputs: [3, 4], vetoed: [0] });
    executable.execute({ inputs: [1, 1], outputs: [5, 6] });
    expect(backend.readSync?.(1)).toEqual(f(1, 1));
    executable.execute({ inputs: [1, 2], outputs: [7, 8] });
    expect(() => backend.readSync?.(1)).toThrow(/buffer 1: was given away/);
    expect(backend.readSync?.(7)).toEqual(f(3, 3));
  });

  it.each([
    ['an unknown id', (b: LocalDevice) => b.free([7])],
    ['an id twice', (b: LocalDevice) => b.free([1, 1])],
    ['an id used before', (b: LocalDevice) => b.write(1, f2, f(0, 0))],
    ['data of the wrong length', (b: LocalDevice) => b.write(3, f2, f(0))],
    ['data of the wrong array', (b: LocalDevice) => b.write(3, f2, new Int32Array(2))],
    ['too few inputs', (b: LocalDevice) => b.compile(updated).execute({ inputs: [1], outputs: [2, 3] })],
    ['an output id in use', (b: LocalDevice) => b.compile(doubled).execute({ inputs: [1], outputs: [1] })],
    ['one output id twice', (b: LocalDevice) => b.compile(updated).execute({ inputs: [1, 1], outputs: [2, 2] })],
  ])('refuses %s and changes nothing', (_, misuse) => {
    const backend = referenceBackend();
    backend.write(1, f2, f(1, 2));
    expect(() => misuse(backend)).toThrowError(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(backend.memory().liveBuffers).toBe(1);
  });

  it('refuses a freed buffer and an input of another type', () => {
    const backend = referenceBackend();
    backend.write(1, f2, f(1, 2));
    backend.write(2, tensorType('float32', [3]), f(1, 2, 3));
    expect(() => backend.compile(doubled).execute({ inputs: [2], outputs: [3] })).toThrow(
      /wrong type for input 0, expected float32\[2\], received float32\[3\]/,
    );
    backend.free([1]);
    expect(() => backend.free([1])).toThrowError(expect.objectContaining({ code: 'DISPOSED' }));
  });

  it('poisons outputs and what depends on them with the first cause, and gives aliased inputs back', async () => {
    let failing = true;
    const backend = new LocalDevice({
      name: 'failing',
      synchronousReads: true,
      run: (program, inputs) => {
        if (failing) throw new RangeError('first cause');
        return inputs.slice(0, program.outputs.length).map((data) => data.slice());
      },
    });
    backend.write(1, f2, f(1, 2));
    backend.write(2, f2, f(3, 4));
    backend.compile(aliased).execute({ inputs: [1, 2], outputs: [3, 4] });
    failing = false;
    backend.compile(doubled).execute({ inputs: [3], outputs: [5] });
    for (const id of [3, 5]) {
      await expect(backend.read(id)).rejects.toSatisfy(
        (error) => isCeratopsError(error, 'EXECUTION_FAILED') && /main: first cause/.test(String(error)),
      );
    }
    expect(backend.readSync?.(1)).toEqual(f(1, 2));
    expect(backend.memory().liveBuffers).toBe(5);
  });
});

describe('nullBackend', () => {
  it('keeps accounts, computes nothing and has no synchronous read', async () => {
    const backend = nullBackend();
    expect(backend.readSync).toBeUndefined();
    backend.write(1, f2, f(1, 2));
    const withConstant = buildProgram([f2], (e, x) => [add(e, x, constant(e, { type: f2, data: f(1, 1) }))]);
    backend.compile(withConstant).execute({ inputs: [1], outputs: [2] });
    expect(await backend.read(2)).toEqual(f(0, 0));
    expect(backend.counters).toEqual({ writes: 1, reads: 1, compiles: 1, executes: 1, freedBuffers: 0 });
    backend.free([1, 2]);
    expect(backend.memory()).toEqual({ liveBytes: 0, peakBytes: 16, liveBuffers: 0 });
    await backend.close();
    expect(() => backend.write(9, f2, f(0, 0))).toThrowError(expect.objectContaining({ code: 'DISPOSED' }));
  });
});
