/** `mixed_float16` models and their LossScaleOptimizer against Keras on JAX: steps, state, files. */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { tensor } from '@ceratops/core';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import { setDtypePolicy } from '../engine/dtype-policy.js';
import { Input } from '../engine/input.js';
import type { Model } from '../engine/model.js';
import { resetNames } from '../engine/naming.js';
import { Sequential } from '../engine/sequential.js';
import type { Config } from '../engine/table.js';
import { Dense } from '../layers/index.js';
import * as optimizers from '../optimizers/index.js';
import { loadModel } from '../saving/load-model.js';
import { onDevices } from '../test-support/devices.js';
import { distance, grid, gridData } from '../test-support/goldens.js';

interface Case {
  /** What the targets are multiplied by. */
  readonly size: number;
  /** The file before and after eight steps, as base64. */
  readonly before: string;
  readonly after: string;
  readonly history: readonly number[];
  readonly scales: readonly number[];
  readonly counters: readonly number[];
  readonly state: readonly { readonly path: string; readonly dtype: string; readonly values: readonly number[] }[];
  readonly weights: readonly (readonly number[])[];
  readonly compile: Config;
  /** Losses of three more steps. */
  readonly more: readonly number[];
}

type AnyModel = Model<never, unknown>;

const file = new URL('../../goldens/loss-scale.json.gz', import.meta.url);
const cases = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { readonly [name: string]: Case };

/** What eight steps with 11 bits of mantissa may differ by. */
const tolerance = 4e-3;

async function train(model: AnyModel, { size }: Case, epochs: number): Promise<readonly number[]> {
  const y = tensor(
    gridData([16, 3], 5003).map((value) => value * size),
    { shape: [16, 3] },
  );
  const { history } = await model.fit(grid([16, 6]) as never, y, {
    batchSize: 16,
    epochs,
    shuffle: false,
    verbose: 0,
  });
  return history.loss!;
}

const load = (text: string): Promise<AnyModel> => loadModel(Buffer.from(text, 'base64'));

onDevices('loss scaling', () => {
  beforeEach(() => {
    resetNames();
    setDtypePolicy('mixed_float16');
  });
  afterEach(() => setDtypePolicy(undefined));

  for (const [name, golden] of Object.entries(cases)) {
    it(`steps as Keras does: ${name}`, async () => {
      const model = await load(golden.before);
      const losses: number[] = [];
      for (const [i, scale] of golden.scales.entries()) {
        losses.push(...(await train(model, golden, 1)));
        const [counter, factor] = model.optimizer!.variables.slice(2, 4);
        expect([await counter!.value.item(), await factor!.value.item()]).toEqual([golden.counters[i], scale]);
      }
      expect(distance(losses, golden.history)).toBeLessThan(tolerance);
      for (const [i, weight] of model.getWeights().entries())
        expect(distance([...(await weight.data())] as number[], golden.weights[i]!)).toBeLessThan(tolerance);
      const { variables } = model.optimizer!;
      expect(variables.map(({ path, dtype }) => [path, dtype])).toEqual(
        golden.state.map(({ path, dtype }) => [path, dtype]),
      );
      for (const [i, { value }] of variables.entries()) {
        const numbers = [...(await value.data())].map(Number);
        expect(distance(numbers, golden.state[i]!.values), variables[i]!.path).toBeLessThan(4 * tolerance);
      }
      const saved = model.getCompileConfig().optimizer as { readonly config: Config };
      expect(saved).toMatchObject(golden.compile);
      expect(Object.keys(saved.config).sort()).toEqual(Object.keys(golden.compile.config as Config).sort());
    });

    it(`goes on from Keras' file, and from its own: ${name}`, async () => {
      const model = await load(golden.after);
      const copy = await loadModel(await model.toBytes());
      const more = await train(model, golden, 3);
      expect(distance([...more], golden.more)).toBeLessThan(tolerance);
      expect(await train(copy, golden, 3)).toEqual(more);
      expect(copy.optimizer!.variables.length).toBe(golden.state.length);
    });
  }
});

const className = ({ optimizer }: AnyModel): string | undefined =>
  (optimizer as { constructor: { className?: string } } | undefined)?.constructor.className;

test.each([
  ['mixed_float16', undefined, 'LossScaleOptimizer'],
  ['mixed_float16', false, 'SGD'],
  ['mixed_bfloat16', undefined, 'SGD'],
  ['float16', undefined, 'SGD'],
])('a %s model with autoScaleLoss %s has %s', async (policy, autoScaleLoss, expected) => {
  setDtypePolicy(policy);
  const model = Sequential([Input([2]), Dense(1)]) as AnyModel;
  setDtypePolicy(undefined);
  model.compile({ optimizer: 'sgd', loss: 'mse', autoScaleLoss });
  await model.resolveCompiled();
  expect(className(model)).toBe(expected);
});

test('what is no optimizer is refused', () => {
  expect(() => optimizers.LossScaleOptimizer('adam' as never)).toThrow(/innerOptimizer/);
});
