import { buildProgram, CeratopsError, type HostArray, ProgramBuilder, tensorType } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { describe, expect, it } from 'vitest';
import { lateParts } from '../late.js';
import { PageBackend } from './page-backend.js';
import { type Envelope, encodeError, type Port } from './protocol.js';
import { serve } from './server.js';

const f32 = (...shape: number[]) => tensorType('float32', shape);

/** Both sides in one thread, with real message ports between them. */
function connect(options = {}): PageBackend {
  const { port1, port2 } = new MessageChannel();
  serve(port2 as unknown as Port, lateParts);
  return new PageBackend(port1 as unknown as Port, () => port1.close(), { threads: 1, ...options });
}

describe('a page', () => {
  it('computes in the worker, in the order of its calls', async () => {
    const backend = connect();
    const program = buildProgram([f32(3)], (e, x) => [emit.add(e, x!, x!)]);
    const executable = await backend.compile(program);
    const data = Float32Array.of(1, 2, 3);
    backend.write(1, f32(3), data);
    data.fill(0);
    executable.execute({ inputs: [1], outputs: [2] });
    executable.execute({ inputs: [2], outputs: [3] });
    expect(await backend.read(3)).toEqual(Float32Array.of(4, 8, 12));
    expect(await executable.explain()).toContain('on cpu');
    backend.free([1, 2]);
    await backend.synchronize();
    expect(backend.memory().liveBuffers).toBe(1);
    await backend.close();
  });

  it('gives inputs away as the program declares', async () => {
    const backend = connect();
    const builder = new ProgramBuilder();
    const x = builder.input(f32(3));
    const executable = await backend.compile(builder.build([emit.negate(builder, x)], 'negate', [0]));
    backend.write(1, f32(3), Float32Array.of(1, 2, 3));
    executable.execute({ inputs: [1], outputs: [2] });
    await expect(backend.read(1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await backend.read(2)).toEqual(Float32Array.of(-1, -2, -3));
    await backend.close();
  });

  it('throws misuse at the call, and rejects reads with the first cause', async () => {
    const backend = connect({ memoryLimitBytes: 100_000 });
    const program = buildProgram([f32()], (e, x) => [emit.broadcastInDim(e, x!, [1000, 1000], [])]);
    const executable = await backend.compile(program);
    expect(() => executable.execute({ inputs: [7], outputs: [8] })).toThrow('unknown buffer');
    expect(() => backend.write(1, f32(2), new Float32Array(3))).toThrow('data does not fit');
    backend.write(1, f32(), Float32Array.of(1));
    executable.execute({ inputs: [1], outputs: [2] });
    await expect(backend.read(2)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    expect(await backend.read(1)).toEqual(Float32Array.of(1));
    await backend.close();
  });

  it('goes on after an upload that did not fit', async () => {
    const backend = connect({ memoryLimitBytes: 100_000 });
    const executable = await backend.compile(buildProgram([f32(100_000)], (e, x) => [emit.negate(e, x!)]));
    backend.write(1, f32(100_000), new Float32Array(100_000));
    executable.execute({ inputs: [1], outputs: [2] });
    await expect(backend.read(1)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    await expect(backend.read(2)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    backend.free([1, 2]);
    backend.write(3, f32(2), Float32Array.of(1, 2));
    expect(await backend.read(3)).toEqual(Float32Array.of(1, 2));
    await backend.close();
  });

  it('moves to another port where the worker never answers', async () => {
    const dead: Port = { postMessage: () => undefined, onmessage: null };
    const backend = new PageBackend(dead, () => undefined, { threads: 1 });
    backend.write(1, f32(2), Float32Array.of(1, 2));
    const read = backend.read(1);
    const { port1, port2 } = new MessageChannel();
    serve(port2 as unknown as Port, lateParts);
    expect(backend.hasAnswered).toBe(false);
    backend.moveTo(port1 as unknown as Port);
    expect(await read).toEqual(Float32Array.of(1, 2));
    expect(backend.hasAnswered).toBe(true);
    port1.close();
  });

  it('keeps what it was told while the code that answers does not load, and the next request loads it', async () => {
    const silent: Port = { postMessage: () => undefined, onmessage: null };
    const backend = new PageBackend(silent, () => undefined, { threads: 1 });
    const failure = new CeratopsError('LOAD_FAILED', 'not served');
    let attempts = 0;
    const load = (): void => {
      if (++attempts < 3) {
        backend.stall(failure, load);
        return;
      }
      const { port1, port2 } = new MessageChannel();
      serve(port2 as unknown as Port, lateParts);
      backend.moveTo(port1 as unknown as Port);
    };
    const program = buildProgram([f32(2)], (e, x) => [emit.add(e, x!, x!)]);
    const early = backend.compile(program);
    load();
    await expect(early).rejects.toBe(failure);
    backend.write(1, f32(2), Float32Array.of(1, 2));
    expect(attempts).toBe(1);
    await expect(backend.read(1)).rejects.toBe(failure);
    (await backend.compile(program)).execute({ inputs: [1], outputs: [2] });
    expect(attempts).toBe(3);
    expect(await backend.read(2)).toEqual(Float32Array.of(2, 4));
    await backend.close();
  });

  it('is lost when it cannot open', async () => {
    const refusing: Port = {
      onmessage: null,
      postMessage: (envelope) => {
        const { ticket } = envelope as Envelope;
        const error = encodeError(new CeratopsError('UNSUPPORTED', 'no SIMD', { remedy: 'update the browser' }));
        queueMicrotask(() => refusing.onmessage!({ data: { ticket, error } }));
      },
    };
    const backend = new PageBackend(refusing, () => undefined, {});
    const refusal = { code: 'UNSUPPORTED', problem: 'no SIMD', remedy: 'update the browser' };
    await expect(backend.synchronize()).rejects.toMatchObject(refusal);
    expect(() => backend.write(1, f32(1), Float32Array.of(1))).toThrow(expect.objectContaining(refusal));
  });

  it('goes on after an error that its worker did not handle: only what it owes since rejects', async () => {
    const { port1, port2 } = new MessageChannel();
    const far = port2 as unknown as Port;
    serve(far, lateParts);
    const handle = far.onmessage;
    const backend = new PageBackend(port1 as unknown as Port, () => port1.close(), { threads: 1 });
    backend.write(1, f32(2), Float32Array.of(1, 2));
    await backend.synchronize();
    const error = new CeratopsError('DEVICE_LOST', 'uncaught');
    far.onmessage = () => {
      far.onmessage = handle;
      backend.falter(error);
    };
    const reads = [backend.read(1), backend.read(1)];
    await expect(reads[0]).rejects.toBe(error);
    expect(await reads[1]).toEqual(Float32Array.of(1, 2));
    expect(await backend.read(1)).toEqual(Float32Array.of(1, 2));
    await backend.close();
  });

  it('is lost when it does not answer after such an error', async () => {
    const { port1, port2 } = new MessageChannel();
    serve(port2 as unknown as Port, lateParts);
    const backend = new PageBackend(port1 as unknown as Port, () => port1.close(), { threads: 1 });
    await backend.synchronize();
    port2.close();
    const error = new CeratopsError('DEVICE_LOST', 'uncaught');
    backend.falter(error, 10);
    await expect(backend.synchronize()).rejects.toBe(error);
    expect(await backend.lost).toBe(error);
  });

  it('lets go of what it held when it is lost', async () => {
    const backend = connect();
    backend.write(1, f32(), Float32Array.of(1));
    await backend.synchronize();
    backend.lose(new CeratopsError('DEVICE_LOST', 'gone'));
    expect(await backend.lost).toMatchObject({ problem: 'gone' });
    expect(() => backend.free([1])).not.toThrow();
    await expect(backend.read(1)).rejects.toMatchObject({ code: 'DEVICE_LOST', problem: 'gone' });
  });

  it('rejects what waits when it closes', async () => {
    const backend = connect();
    backend.write(1, f32(), Float32Array.of(1));
    const read: Promise<HostArray> = backend.read(1);
    void backend.lost.then(() => expect.unreachable('a closed backend is not lost'));
    await Promise.all([expect(read).rejects.toMatchObject({ code: 'INVALID_STATE' }), backend.close()]);
    await expect(backend.read(1)).rejects.toMatchObject({ code: 'INVALID_STATE' });
  });
});
