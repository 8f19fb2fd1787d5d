/** Compiled programs on disk, from process to process, with the built packages. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'ceratops-plans-'));
const root = fileURLToPath(new URL('../../', import.meta.url));

afterAll(() => rmSync(folder, { recursive: true }));

/** Trains a model for a step, and prints its loss and what the cache did. */
const program = `
import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import { createCpuBackend } from '@ceratops/backend-cpu';
import { PlanCache } from './packages/backend-cpu/dist/plan-cache/plan-cache.js';
const [folder] = process.argv.slice(1);
const backend = createCpuBackend({ threads: 2, planCache: false });
if (folder) backend.engine.planCache = new PlanCache({ folder, leastMilliseconds: 0 });
keras.config.useBackend(backend);
keras.setRandomSeed(0);
const model = keras.Sequential([
  keras.Input([8, 8, 1]),
  layers.Conv2D(4, 3, { activation: 'relu' }),
  layers.Flatten(),
  layers.Dense(3, { activation: 'softmax' }),
]);
model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
const x = keras.tensor(Float32Array.from({ length: 512 }, (_, i) => (i % 13) / 13), { shape: [8, 8, 8, 1] });
const { loss } = await model.trainOnBatch(x, Int32Array.from({ length: 8 }, (_, i) => i % 3));
console.log(JSON.stringify({ loss, cache: backend.engine.planCache?.statistics ?? null }));
`;

interface Report {
  readonly loss: number;
  readonly cache: { readonly hits: number; readonly stores: number } | null;
}

/** @param plans a folder. */
async function train(plans?: string): Promise<Report> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, plans ?? ''], {
    cwd: root,
    timeout: 60_000,
  });
  return JSON.parse(stdout) as Report;
}

describe('what one process compiled', () => {
  it('the next one finds; several may write at once', async () => {
    const without = await train();
    expect(without.cache).toBeNull();
    const plans = join(folder, 'plans');
    const first = await Promise.all([train(plans), train(plans), train(plans)]);
    for (const { loss } of first) expect(loss).toBe(without.loss);
    const names = readdirSync(plans);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !/^[0-9a-f]{8}\.plan$/.test(name))).toEqual([]);
    const second = await train(plans);
    expect(second.loss).toBe(without.loss);
    expect(second.cache).toEqual({ hits: names.length, stores: 0 });
  });

  it('is not in the way where nothing can be kept', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { loss, cache } = await train(join(file, 'plans'));
    expect(loss).toBe((await train()).loss);
    expect(cache!.hits).toBe(0);
  });
});
