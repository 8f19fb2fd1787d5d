import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@ceratops/core';
import { referenceBackend } from '@ceratops/kernel-registry/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Input } from '../engine/input.js';
import { Sequential } from '../engine/sequential.js';
import { Dense } from '../layers/index.js';
import { grid } from '../test-support/goldens.js';
import { EarlyStopping } from './early-stopping.js';
import { ModelCheckpoint } from './model-checkpoint.js';

let folder: string;
beforeEach(() => {
  useBackend(referenceBackend());
  folder = mkdtempSync(join(tmpdir(), 'ceratops-checkpoint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function fit(callback: object, options: object = {}): Promise<unknown> {
  const model = Sequential([Input([2]), Dense(1)]);
  model.compile({ optimizer: 'sgd', loss: 'mse', metrics: ['mae'], ...options });
  return model.fit(grid([8, 2]), grid([8, 1], 131), {
    verbose: 0,
    batchSize: 2,
    epochs: 2,
    callbacks: callback as never,
  });
}

describe('ModelCheckpoint', () => {
  it('makes the folders of its path', async () => {
    await fit(ModelCheckpoint(join(folder, 'a/b/{epoch:02d}.keras')));
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['01.keras', '02.keras']);
  });

  // Keras 3.15.1 on JAX saves these files for 4 batches an epoch.
  it.each([
    [3, 2, ['01-04', '02-04']],
    [3, 1, ['01-03', '02-02']],
    [2, 1, ['01-02', '01-04', '02-02', '02-04']],
  ])('counts batches: every %i of them, %i in an execution', async (saveFreq, stepsPerExecution, names) => {
    await fit(ModelCheckpoint(join(folder, '{epoch:02d}-{batch:02d}.keras'), { saveFreq }), { stepsPerExecution });
    expect(readdirSync(folder)).toEqual(names.map((name) => `${name}.keras`));
  });

  it('takes what it monitors as its second argument, and options after that', async () => {
    await fit(ModelCheckpoint(join(folder, 'best.keras'), 'mae', { saveBestOnly: true }));
    expect(readdirSync(folder)).toEqual(['best.keras']);
    expect(() => ModelCheckpoint('a.keras', 'mae', { saveFreq: 'bogus' as never })).toThrow(/save_freq/);
  });

  it('cannot watch what it cannot tell the better of, nor can EarlyStopping', async () => {
    const error = { code: 'INVALID_ARGUMENT', remedy: expect.stringContaining("mode: 'min'") };
    await expect(fit(EarlyStopping('foo'))).rejects.toMatchObject(error);
    const checkpoint = ModelCheckpoint(join(folder, 'x.keras'), 'foo', { saveBestOnly: true });
    await expect(fit(checkpoint)).rejects.toMatchObject(error);
    await fit(EarlyStopping('val_loss'));
  });
});
