import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Backend,
  type BackendFactory,
  contractVersion,
  registerBackend,
  tensorType,
} from '@ceratops/kernel-registry';
import { fakeRemoteBackend, nullBackend, referenceBackend } from '@ceratops/kernel-registry/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as p from '../primitives/index.js';
import { runtime } from '../runtime.js';
import { borrow, type Tensor, tensor } from '../tensor/tensor.js';
import { jit } from '../transform/jit.js';
import { Variable } from '../variable.js';
import { closeBackend, getBackend, memory, setBackend } from './default-engine.js';

interface RegistryOnGlobal {
  readonly backends: Map<string, BackendFactory>;
}

const registered = (): Map<string, BackendFactory> =>
  (globalThis as unknown as Record<symbol, RegistryOnGlobal>)[Symbol.for('ceratops.kernel-registry')]!.backends;

function factory(name: string, priority: number, create: BackendFactory['create']): BackendFactory {
  return { name, version: '1', contract: contractVersion, priority, create };
}

const sum = (): Promise<unknown> => p.add(tensor([1]), tensor([2])).array();

beforeEach(() => {
  registerBackend(factory('placeholder', 0, referenceBackend));
  registered().clear();
  runtime().engine = undefined;
});

afterEach(() => {
  vi.unstubAllEnvs();
  registered().clear();
});

describe('the default backend', () => {
  it('is the registered one with the highest priority, made at the first need', async () => {
    const low = vi.fn(nullBackend);
    registerBackend(factory('low', 1, low));
    registerBackend(factory('high', 2, referenceBackend));
    const x = tensor([1, 2]);
    expect(getBackend()).toBeUndefined();
    expect(await p.add(x, x).array()).toEqual([2, 4]);
    expect(getBackend()!.name).toBe('reference');
    expect(low).not.toHaveBeenCalled();
    expect(memory().liveBuffers).toBeGreaterThan(0);
  });

  it('is the one that CERATOPS_BACKEND names', async () => {
    registerBackend(factory('a', 1, nullBackend));
    registerBackend(factory('b', 2, referenceBackend));
    vi.stubEnv('CERATOPS_BACKEND', 'a');
    await sum();
    expect(getBackend()!.name).toBe('null');
  });

  it('may take its time to come: ops and reads wait in order', async () => {
    let open: (backend: Backend) => void = () => {};
    registerBackend(factory('late', 1, () => new Promise<Backend>((resolve) => (open = resolve))));
    const x = tensor([1]);
    const y = p.add(x, x);
    const first = y.data();
    const second = p.multiply(y, y).data();
    x.dispose();
    expect(() => y.dataSync()).toThrow(expect.objectContaining({ code: 'WOULD_BLOCK' }));
    open(referenceBackend());
    expect([await first, await second]).toEqual([Float32Array.of(2), Float32Array.of(4)]);
  });

  it('may take its time to come: what was lent meanwhile is what it gets', async () => {
    let open: (backend: Backend) => void = () => {};
    registerBackend(factory('late', 1, () => new Promise<Backend>((resolve) => (open = resolve))));
    const elements = new Float32Array(100).fill(3);
    const doubled = jit((x: Tensor) => p.add(x, x))(borrow(elements, tensorType('float32', [100])));
    elements.fill(-1);
    open(referenceBackend());
    expect(await doubled.data()).toEqual(new Float32Array(100).fill(6));
  });

  it('fails with the install command where none is installed; after that the next call works, with the same tensors', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ceratops-'));
    const before = process.cwd();
    process.chdir(folder);
    try {
      const x = tensor(new Float32Array(100).fill(3));
      await expect(p.add(x, x).data()).rejects.toMatchObject({ code: 'NO_BACKEND' });
      await expect(p.add(x, x).data()).rejects.toThrow(/npm install @ceratops\/backend-cpu/);
      registerBackend(factory('b', 2, referenceBackend));
      expect(((await p.add(x, x).data()) as Float32Array)[99]).toBe(6);
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  });

  it('is found in the folder of the application when an official package is installed there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ceratops-'));
    const before = process.cwd();
    const target = join(folder, 'node_modules', '@ceratops', 'backend-cpu');
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'package.json'), '{"type":"module","main":"index.js"}');
    writeFileSync(join(target, 'index.js'), 'globalThis.ceratopsTestInstall();');
    const install = vi.fn(() => registerBackend(factory('cpu', 10, referenceBackend)));
    Object.assign(globalThis, { ceratopsTestInstall: install });
    process.chdir(folder);
    try {
      expect(await sum()).toEqual([3]);
      expect(install).toHaveBeenCalledOnce();
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  });
});

describe('closeBackend', () => {
  it('rejects what waits and what is asked of its tensors; the next op makes a new backend', async () => {
    const made: Backend[] = [];
    const create = (): Backend => {
      made.push(fakeRemoteBackend());
      return made.at(-1)!;
    };
    registerBackend(factory('remote', 1, create));
    const x = tensor(new Float32Array(100));
    const y = p.add(x, x);
    const waiting = y.data();
    await closeBackend();
    await expect(waiting).rejects.toMatchObject({ name: 'CeratopsError' });
    await expect(y.data()).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await sum()).toEqual([3]);
    expect(made).toHaveLength(2);
    await closeBackend();
  });

  it('does not keep a backend that comes too late', async () => {
    const late = referenceBackend();
    let open: () => void = () => {};
    registerBackend(factory('late', 1, () => new Promise<Backend>((resolve) => (open = () => resolve(late)))));
    const waiting = sum();
    const closing = closeBackend();
    open();
    await closing;
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    expect(() => late.write(1, tensorType('float32', []), Float32Array.of(1))).toThrow(/closed/);
  });
});

describe('setBackend', () => {
  it('moves variables; tensors stay where they are', async () => {
    registerBackend(factory('a', 1, referenceBackend));
    registerBackend(factory('b', 2, () => fakeRemoteBackend()));
    await setBackend('a');
    const v = new Variable(tensor(new Float32Array(100).fill(1)));
    v.assign(p.add(v.value, v.value));
    const w = new Variable(tensor([5]));
    const kept = p.add(v.value, v.value);
    await kept.data();
    const first = getBackend()!;
    await setBackend('b');
    expect(getBackend()!.name).toBe('fake-remote');
    expect(((await p.multiply(v.value, v.value).data()) as Float32Array)[0]).toBe(4);
    expect(await p.add(w.value, w.value).array()).toEqual([10]);
    expect(((await p.negate(kept).data()) as Float32Array)[0]).toBe(-4);
    expect(first.memory().liveBuffers).toBeGreaterThan(0);
    expect(() => p.add(kept, v.value)).toThrow(expect.objectContaining({ code: 'BACKEND_MISMATCH' }));
    await getBackend()!.close();
  });

  it('takes effect for what is recorded but not yet run', async () => {
    registerBackend(factory('a', 2, nullBackend));
    registerBackend(factory('b', 1, referenceBackend));
    const y = p.add(tensor([1]), tensor([2]));
    await setBackend('b');
    expect(await y.array()).toEqual([3]);
  });

  it('knows no other names than those of registered and official backends', async () => {
    registerBackend(factory('mine', 1, referenceBackend));
    await expect(setBackend('mime')).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
    await expect(setBackend('mime')).rejects.toThrow(/mine/);
    await expect(setBackend('webgpu')).rejects.toThrow(/npm install @ceratops\/backend-webgpu/);
  });

  it('hands the options to the backend', async () => {
    const create = vi.fn(referenceBackend);
    registerBackend(factory('a', 1, create));
    await setBackend('a', { threads: 2 });
    expect(create).toHaveBeenCalledWith({ threads: 2 });
  });
});
