/**
 * Damaged `.keras` files: each either loads or is refused with one typed error; nothing hangs, crashes or half-loads.
 * Sound files of Python Keras are mutated by a seeded generator; CERATOPS_FUZZ multiplies the number of files.
 */

import { readFileSync } from 'node:fs';
import { useBackend } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { referenceBackend } from '@ceratops/kernel-registry/testing';
import { unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { isModel } from '../engine/model.js';
import { loadModel, modelFromJson } from './load-model.js';

beforeAll(() => useBackend(referenceBackend()));

const names = ['convolutional', 'branching', 'scheduled'] as const;
const goldens = new URL('../../goldens/files/', import.meta.url);
const files = names.map((name) => new Uint8Array(readFileSync(new URL(`${name}.keras`, goldens))));
const configs = files.map((bytes) => new TextDecoder().decode(unzipSync(bytes)['config.json']));
const scale = Number(process.env.CERATOPS_FUZZ ?? 1);

/** Numbers in [0, 1) that are the same in every run. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** True when it loaded, false when it was refused as it should be. */
async function outcome(load: () => Promise<unknown>): Promise<boolean> {
  try {
    expect(isModel(await load())).toBe(true);
    return true;
  } catch (error) {
    if (!(error instanceof CeratopsError)) throw error;
    expect(error.code).not.toBe('INTERNAL');
    return false;
  }
}

const strange: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e20,
  '',
  'relu',
  '__proto__',
  'constructor',
  [],
  [[]],
  [null],
  {},
  { class_name: 'Dense', config: {} },
  { class_name: 'function', config: 'eval', module: 'builtins' },
  { class_name: '__keras_tensor__', config: {} },
];

type Node = { parent: Record<string, unknown>; key: string };

function nodesOf(tree: unknown): Node[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const parent = tree as Record<string, unknown>;
  return Object.keys(parent).flatMap((key) => [{ parent, key }, ...nodesOf(parent[key])]);
}

/** One to three places of a config replaced, deleted, renamed or swapped. */
function mutatedConfig(text: string, random: () => number): string {
  const config: unknown = JSON.parse(text);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
    const nodes = nodesOf(config);
    const { parent, key } = pick(nodes);
    const other = pick(nodes);
    const changes: (() => void)[] = [
      () => (parent[key] = pick(strange)),
      () => delete parent[key],
      () => (parent[key] = structuredClone(other.parent[other.key])),
      () => (parent[`${key}x`] = parent[key]),
      () => (parent[key] = typeof parent[key] === 'number' ? (parent[key] as number) * 7 - 3 : `${parent[key]}x`),
      () => (parent[key] = [parent[key]]),
    ];
    pick(changes)();
  }
  return JSON.stringify(config);
}

function flipped(bytes: Uint8Array, random: () => number, from: number, to: number): Uint8Array {
  const damaged = bytes.slice();
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--)
    damaged[from + Math.floor(random() * (to - from))] = Math.floor(random() * 256);
  return damaged;
}

describe('damaged files', () => {
  it.each(names)('configs of %s', async (name) => {
    const random = mulberry(names.indexOf(name) + 1);
    const seen = new Set<boolean>();
    for (let i = 0; i < 150 * scale; i++) {
      const json = mutatedConfig(configs[names.indexOf(name)]!, random);
      seen.add(
        await outcome(() => modelFromJson(json)).catch((error) => Promise.reject(new Error(json, { cause: error }))),
      );
    }
    expect([...seen].sort()).toEqual([false, true]);
  });

  it('whole files with such configs: compiled, with weights', async () => {
    const random = mulberry(11);
    const seen = new Set<boolean>();
    for (let i = 0; i < 24 * scale; i++) {
      const which = i % files.length;
      const members = unzipSync(files[which]!);
      const config = new TextEncoder().encode(mutatedConfig(configs[which]!, random));
      const bytes = zipSync({ ...members, 'config.json': config }, { level: 0 });
      seen.add(await outcome(() => loadModel(bytes)));
    }
    expect([...seen].sort()).toEqual([false, true]);
  });

  it('zip structures', async () => {
    const random = mulberry(21);
    const sound = files[0]!;
    const directory = sound.length - 400;
    for (let i = 0; i < 40 * scale; i++) {
      const cut = sound.subarray(0, Math.floor(random() * sound.length));
      const bytes = i % 4 === 0 ? cut : flipped(sound, random, directory, sound.length);
      await outcome(() => loadModel(bytes));
    }
  });

  it('weights', async () => {
    const random = mulberry(31);
    const members = unzipSync(files[0]!);
    const weights = members['model.weights.h5']!;
    for (let i = 0; i < 10 * scale; i++) {
      const damaged =
        i % 3 === 0 ? weights.subarray(0, Math.floor(random() * weights.length)) : flipped(weights, random, 0, 2000);
      await outcome(() => loadModel(zipSync({ ...members, 'model.weights.h5': damaged }, { level: 0 })));
    }
  });
});

describe('files that are something else', () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const h5 = unzipSync(files[0]!)['model.weights.h5']!;
  it.each([
    ['nothing', new Uint8Array(0), 'MALFORMED_INPUT', /not a sound zip archive/],
    ['text', text('{}'), 'MALFORMED_INPUT', /not a sound zip archive/],
    ['a legacy or weights file', h5, 'MALFORMED_INPUT', /is an HDF5 file, expected a \.keras zip archive.*loadWeights/],
    ['a path to nowhere', '/nowhere/model.keras', 'INVALID_ARGUMENT', /nowhere\/model\.keras: cannot be read/],
    ['undefined', undefined, 'INVALID_ARGUMENT', /not a file, expected a path, a URL, a Blob.*received undefined/],
  ])('%s', async (_name, source, code, message) => {
    await expect(loadModel(source as never)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});
