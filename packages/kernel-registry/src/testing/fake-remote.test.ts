import { afterEach, describe, expect, it } from 'vitest';
import { buildProgram } from '../any-op.js';
import { softmax } from '../composites/index.js';
import { add, composite, multiply } from '../emit/index.js';
import { CeratopsError, isCeratopsError } from '../errors.js';
import { negotiate } from '../negotiate.js';
import { tensorType } from '../tensor-type.js';
import { type FakeRemote, fakeRemoteBackend } from './index.js';

const f2 = tensorType('float32', [2]);
const f = (...values: number[]): Float32Array => Float32Array.of(...values);
const doubled = buildProgram([f2], (e, x) => [add(e, x, x)], 'doubled');
const square = buildProgram([f2], (e, x) => [multiply(e, x, x)], 'square');
const step = { ...square, inputs: [{ type: f2, aliases: 0 }] };
const outOfMemory = new CeratopsError('OUT_OF_MEMORY', 'no room', { subject: 'run 7', expected: 'a', received: 'b' });

let remote: FakeRemote;
function open(seed = 1, maximumDelay = 2): FakeRemote {
  remote = fakeRemoteBackend({ seed, maximumDelay });
  return remote;
}
afterEach(() => remote.close());

describe('fakeRemoteBackend', () => {
  it('returns from every call before anything happened, and reads what the order of calls says', async () => {
    const backend = open();
    const executable = await backend.compile(doubled);
    const data = f(1, 2);
    backend.write(1, f2, data);
    data[0] = 99;
    executable.execute({ inputs: [1], outputs: [2] });
    executable.execute({ inputs: [2], outputs: [3] });
    const read = backend.read(3);
    backend.free([1, 2, 3]);
    expect(await read).toEqual(f(4, 8));
    expect(backend.memory()).toEqual({ liveBytes: 0, peakBytes: 24, liveBuffers: 0 });
    expect(backend.readSync).toBeUndefined();
  });

  it('completes reads out of order, each with its own data', async () => {
    const backend = open(3, 8);
    const finished: number[] = [];
    const reads = Array.from({ length: 12 }, (_, id) => {
      backend.write(id, f2, f(id, -id));
      return backend.read(id).then((data) => {
        finished.push(id);
        return data;
      });
    });
    const results = await Promise.all(reads);
    results.forEach((data, id) => {
      expect(data).toEqual(f(id, -id));
    });
    expect(finished).not.toEqual([...finished].sort((a, b) => a - b));
  });

  it('settles synchronize after the work before it, also when that failed', async () => {
    const backend = open();
    const executable = await backend.compile(doubled);
    backend.write(1, f2, f(1, 1));
    backend.failNext('execute', outOfMemory);
    executable.execute({ inputs: [1], outputs: [2] });
    await expect(backend.synchronize()).resolves.toBeUndefined();
    await expect(backend.read(2)).rejects.toThrow(outOfMemory.message);
  });

  it('rejects compile with what it cannot run, and with an injected error', async () => {
    const backend = open();
    const withComposite = buildProgram([tensorType('float32', [2, 2])], (e, x) =>
      composite(e, softmax, [x], { axis: 1 }),
    );
    await expect(backend.compile(withComposite)).rejects.toThrow(/composites that decompose/);
    const negotiated = negotiate(withComposite, backend);
    await expect(backend.compile(negotiated)).resolves.toBeDefined();
    backend.failNext('compile', outOfMemory);
    const error = await backend.compile(doubled).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'OUT_OF_MEMORY',
      subject: 'run 7',
      expected: 'a',
      received: 'b',
      message: outOfMemory.message,
    });
    await expect(backend.compile(doubled)).resolves.toBeDefined();
  });

  it('poisons the outputs of a failed run and their dependants with the first cause; the next run works', async () => {
    const backend = open();
    const [twice, squared] = await Promise.all([backend.compile(doubled), backend.compile(step)]);
    backend.write(1, f2, f(3, 4));
    backend.write(2, f2, f(5, 6));
    backend.failNext('execute', outOfMemory);
    squared.execute({ inputs: [1], outputs: [10] });
    twice.execute({ inputs: [10], outputs: [11] });
    squared.execute({ inputs: [2], outputs: [12] });
    for (const id of [11, 10]) {
      await expect(backend.read(id)).rejects.toSatisfy((error) => isCeratopsError(error, 'OUT_OF_MEMORY'));
    }
    expect(await backend.read(12)).toEqual(f(25, 36));
    await expect(backend.read(1)).rejects.toThrow(/was given away/);
    backend.free([10, 11, 12]);
    expect(backend.memory().liveBuffers).toBe(0);
  });

  it('throws at the call for a buffer that is unknown, freed twice, given away or of another type', async () => {
    const backend = open();
    const executable = await backend.compile(step);
    backend.write(1, f2, f(1, 2));
    backend.write(2, tensorType('int32', [2]), new Int32Array(2));
    expect(() => executable.execute({ inputs: [9], outputs: [3] })).toThrow(/buffer 9: unknown buffer/);
    expect(() => executable.execute({ inputs: [2], outputs: [3] })).toThrow(
      /expected float32\[2\], received int32\[2\]/,
    );
    expect(() => backend.free([2, 2])).toThrow(/freed twice/);
    executable.execute({ inputs: [1], outputs: [3] });
    expect(() => executable.execute({ inputs: [1], outputs: [4] })).toThrow(/was given away/);
    expect(() => backend.free([1])).toThrow(/was given away/);
    expect(() => backend.write(3, f2, f(0, 0))).toThrow(/id used before/);
    expect(await backend.read(3)).toEqual(f(1, 4));
    executable.release();
    expect(() => executable.execute({ inputs: [3], outputs: [5] })).toThrow(/executable is released/);
  });

  it('rejects what is pending when it is closed or the connection is cut', async () => {
    const backend = open();
    backend.write(1, f2, f(1, 2));
    const pending = backend.read(1);
    backend.disconnect();
    await expect(pending).rejects.toSatisfy((error) => isCeratopsError(error, 'DEVICE_LOST'));
    expect(() => backend.write(2, f2, f(1, 2))).toThrow(/connection is gone/);
    const other = open();
    other.write(1, f2, f(1, 2));
    const waiting = other.read(1);
    await other.close();
    await expect(waiting).rejects.toSatisfy((error) => isCeratopsError(error, 'DEVICE_LOST'));
    await expect(other.read(1)).rejects.toSatisfy((error) => isCeratopsError(error, 'DISPOSED'));
  });

  it('counts calls', async () => {
    const backend = open();
    const executable = await backend.compile(doubled);
    backend.write(1, f2, f(1, 2));
    executable.execute({ inputs: [1], outputs: [2] });
    await backend.read(2);
    backend.free([1, 2]);
    expect(backend.counters).toEqual({ writes: 1, reads: 1, compiles: 1, executes: 1, freedBuffers: 2 });
  });
});
