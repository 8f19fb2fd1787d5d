import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Tensor, tensor } from '@ceratops/core';
import type { DType } from '@ceratops/kernel-registry';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { Input } from '../engine/input.js';
import { Sequential } from '../engine/sequential.js';
import { Dense } from '../layers/index.js';
import { onDevices } from '../test-support/devices.js';
import { loadWeights, saveModel, saveWeights } from './keras-file.js';
import { loadModel } from './load-model.js';
import { serializeKerasObject } from './serialize.js';

interface Listed {
  readonly dtype: DType;
  readonly shape: number[];
  readonly data: number[];
}

interface Golden {
  readonly x: Listed[];
  readonly y: Listed[];
  readonly predicted: Listed[];
  readonly after: Listed[];
}

const goldens = new URL('../../goldens/files/', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'ceratops-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (name: string): Golden => JSON.parse(readFileSync(new URL(`${name}.json`, goldens), 'utf8')) as Golden;
const tensors = (listed: Listed[]): Tensor[] => listed.map(({ dtype, shape, data }) => tensor(data, { dtype, shape }));
const single = <T>(items: T[]): T | T[] => (items.length === 1 ? items[0]! : items);

async function expectClose(given: unknown, expected: Listed[]): Promise<void> {
  const outputs = (Array.isArray(given) ? given : [given]) as Tensor[];
  expect(outputs.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  for (const [i, output] of outputs.entries()) {
    const data = (await output.data()) as Float32Array;
    const scale = Math.max(...expected[i]!.data.map(Math.abs));
    expected[i]!.data.forEach((value, j) => {
      expect(Math.abs(data[j]! - value)).toBeLessThanOrEqual(1e-5 * scale);
    });
  }
}

const files = ['convolutional', 'branching', 'scheduled', 'recurrent'];

onDevices('.keras files that Keras wrote', () => {
  it.each(files)('%s: predicts and trains on like Python', async (name) => {
    const golden = read(name);
    const model = await loadModel(new URL(`${name}.keras`, goldens));
    const x = single(tensors(golden.x)) as never;
    const y = single(tensors(golden.y)) as never;
    await expectClose(await model.predict(x, { verbose: 0 }), golden.predicted);
    for (let step = 0; step < 2; step++) await model.trainOnBatch(x, y as never);
    await expectClose(await model.predict(x, { verbose: 0 }), golden.after);
  });

  it.each(files)('%s: saved again and reloaded, it trains on the same', async (name) => {
    const golden = read(name);
    const path = join(folder, `${name}.keras`);
    await saveModel(await loadModel(new URL(`${name}.keras`, goldens)), path);
    const again = await loadModel(path);
    const x = single(tensors(golden.x)) as never;
    await expectClose(await again.predict(x, { verbose: 0 }), golden.predicted);
    for (let step = 0; step < 2; step++) await again.trainOnBatch(x, single(tensors(golden.y)) as never);
    await expectClose(await again.predict(x, { verbose: 0 }), golden.after);
  });

  it('weights travel alone', async () => {
    const golden = read('convolutional');
    const model = await loadModel(new URL('convolutional.keras', goldens));
    const path = join(folder, 'only.weights.h5');
    await saveWeights(model, path);
    const x = single(tensors(golden.x)) as never;
    await model.trainOnBatch(x, single(tensors(golden.y)) as never);
    await loadWeights(model, path);
    await expectClose(await model.predict(x, { verbose: 0 }), golden.predicted);
  });
});

it('a model that was never compiled has an empty compile_config', () => {
  const model = Sequential([Input([2]), Dense(1)]);
  expect(model.getCompileConfig()).toEqual({});
  expect(serializeKerasObject(model)).toMatchObject({ class_name: 'Sequential', compile_config: {} });
});

describe('files that cannot be loaded', () => {
  const sound = readFileSync(new URL('convolutional.keras', goldens));

  it.each([
    ['no zip', () => new TextEncoder().encode('hello'), 'zip'],
    ['a cut zip', () => sound.subarray(0, sound.length - 100), 'zip'],
    ['no config', () => zipSync({ 'model.weights.h5': new Uint8Array(8) }), 'config.json'],
    [
      'a config that is not JSON',
      () => zipSync({ 'config.json': Uint8Array.of(123), 'model.weights.h5': new Uint8Array(8) }),
      'JSON',
    ],
  ])('%s', async (_name, bytes, mention) => {
    await expect(loadModel(bytes())).rejects.toMatchObject({
      code: 'MALFORMED_INPUT',
      message: expect.stringContaining(mention) as string,
    });
  });

  it('a name that does not end in .keras', async () => {
    const model = await loadModel(sound);
    await expect(saveModel(model, join(folder, 'model.bin'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('weights of another model, which leave the model as it was', async () => {
    const model = await loadModel(new URL('scheduled.keras', goldens));
    const golden = read('scheduled');
    await expect(loadWeights(model, new URL('convolutional.keras', goldens))).rejects.toMatchObject({
      code: 'MALFORMED_INPUT',
    });
    await expectClose(await model.predict(single(tensors(golden.x)) as never, { verbose: 0 }), golden.predicted);
  });
});
