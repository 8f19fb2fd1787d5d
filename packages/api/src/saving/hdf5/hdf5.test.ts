import { readFileSync } from 'node:fs';
import { isCeratopsError } from '@ceratops/kernel-registry';
import { describe, expect, it } from 'vitest';
import type { Hdf5Content } from './content.js';
import { readHdf5, writeHdf5 } from './hdf5.js';
import { answer } from './hdf5-job.js';

const content: Hdf5Content = {
  groups: [
    { path: '/', attributes: {} },
    { path: '/layers/dense/vars', attributes: { name: 'dense_3' } },
    { path: '/layers/flatten/vars', attributes: { name: 'flatten' } },
  ],
  datasets: [
    {
      path: '/layers/dense/vars/0',
      dtype: 'float32',
      shape: [2, 2],
      data: Float32Array.of(1, -2.5, Number.NaN, 1e-40),
      attributes: {},
    },
    { path: '/layers/dense/vars/1', dtype: 'int32', shape: [], data: Int32Array.of(7), attributes: {} },
    { path: '/layers/dense/vars/2', dtype: 'uint32', shape: [2], data: Uint32Array.of(1, 4294967295), attributes: {} },
    { path: '/layers/dense/vars/3', dtype: 'int64', shape: [1], data: BigInt64Array.of(-(2n ** 62n)), attributes: {} },
    { path: '/layers/dense/vars/4', dtype: 'float64', shape: [0, 3], data: new Float64Array(0), attributes: {} },
  ],
};

describe('HDF5 through the worker', () => {
  it('returns what was written', async () => {
    const read = await readHdf5(await writeHdf5(content, 'w'), 'w');
    for (const dataset of content.datasets) {
      const found = read.datasets.find(({ path }) => path === dataset.path);
      expect(found).toEqual(dataset);
    }
    for (const group of content.groups) expect(read.groups).toContainEqual(group);
  });

  it.each([
    ['an empty file', new Uint8Array(0)],
    ['text', new TextEncoder().encode('not HDF5 at all')],
    ['a truncated file', 'truncate'],
    ['a damaged root group', 'damage'],
  ] as const)('refuses %s with a typed error', async (_name, damage) => {
    const sound = await writeHdf5(content, 'w');
    const bytes =
      damage === 'truncate'
        ? sound.slice(0, sound.length / 2)
        : damage === 'damage'
          ? sound.slice().fill(255, 90, 400)
          : damage;
    const error = await readHdf5(bytes, 'broken.h5').then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(isCeratopsError(error, 'MALFORMED_INPUT')).toBe(true);
    expect(String(error)).toContain('broken.h5');
  });

  it('stops a read that takes more memory than allowed', async () => {
    const large = { groups: [], datasets: [{ ...content.datasets[0]!, shape: [1000], data: new Float32Array(1000) }] };
    const bytes = await writeHdf5(large, 'w');
    await expect(readHdf5(bytes, 'large.h5', { memoryLimit: 2000 })).rejects.toMatchObject({ code: 'MALFORMED_INPUT' });
  });

  it('stops at the deadline', async () => {
    await expect(readHdf5(new Uint8Array(10), 'slow.h5', { deadline: 0 })).rejects.toThrow(/longer than 0 ms/);
  });
});

describe('HDF5 in the calling thread', () => {
  const memoryLimit = 2 ** 31;
  const { prototype: memories } = (
    globalThis as unknown as { WebAssembly: { Memory: { prototype: { readonly grow: unknown } } } }
  ).WebAssembly.Memory;

  it('goes on after a damaged file, and leaves the memory of others alone', async () => {
    const { grow } = memories;
    const written = await answer({ kind: 'write', content, memoryLimit });
    if (written.kind !== 'written') throw new Error(written.kind);
    for (const bytes of [new Uint8Array(9), written.bytes.slice(0, 2000), written.bytes.slice().fill(255, 90, 400)])
      expect(await answer({ kind: 'read', bytes, memoryLimit })).toMatchObject({ kind: 'failed' });
    expect(await answer({ kind: 'read', bytes: written.bytes.slice(0, 2000), memoryLimit })).toMatchObject({
      message: expect.stringMatching(/^truncated file/),
    });
    expect(await answer({ kind: 'read', bytes: written.bytes, memoryLimit: 1 })).toMatchObject({ kind: 'failed' });
    const again = await answer({ kind: 'write', content, memoryLimit });
    if (again.kind !== 'written') throw new Error(again.kind);
    // Files hold the time; what is in them is the same.
    const [first, second] = await Promise.all(
      [written, again].map(({ bytes }) => answer({ kind: 'read', bytes, memoryLimit })),
    );
    expect(first).toMatchObject({ kind: 'read', content: { datasets: { length: content.datasets.length } } });
    expect(second).toEqual(first);
    expect(memories.grow).toBe(grow);
  });
});

describe('files that Keras wrote', () => {
  const sample = new URL('../../../../../../shared/keras/samples/sharded/m_00000.weights.h5', import.meta.url);
  const bytes = (() => {
    try {
      return readFileSync(sample);
    } catch {
      return undefined;
    }
  })();

  it.skipIf(bytes === undefined)('a weights shard (skipped where the samples are not at hand)', async () => {
    const { datasets } = await readHdf5(bytes!, 'shard');
    expect(datasets.length).toBeGreaterThan(0);
    for (const { data } of datasets) for (const value of data) expect(Number.isFinite(Number(value))).toBe(true);
  });
});
