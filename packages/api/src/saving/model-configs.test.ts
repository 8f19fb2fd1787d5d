/** Whole models from their configs, and what `compile` said, while the caller's own classes and functions are known. */

import { type Tensor, tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { beforeEach, expect, test } from 'vitest';
import { clearSession } from '../engine/clear-session.js';
import { define } from '../engine/define.js';
import { Input } from '../engine/input.js';
import { type CallOptions, Layer } from '../engine/layer.js';
import { Model } from '../engine/model.js';
import { Sequential } from '../engine/sequential.js';
import type { Config, Json } from '../engine/table.js';
import * as layers from '../layers/index.js';
import * as losses from '../losses/index.js';
import * as metrics from '../metrics/index.js';
import { multiply, subtract } from '../ops/index.js';
import { onDevices } from '../test-support/devices.js';
import { withCustomObjects } from './custom-objects.js';
import { deserializeKerasObject, serializeKerasObject } from './index.js';

beforeEach(clearSession);

type ReadsConfigs = { fromConfig(config: Config): unknown };

function stack(): Sequential {
  return Sequential([Input([2]), layers.Dense(3, { activation: 'relu' }), layers.Dense(1)]);
}

onDevices('model configs', () => {
  test('a stack is read with its layers, its shape and its names', async () => {
    const model = stack();
    const again = deserializeKerasObject({ class_name: 'Sequential', config: model.getConfig() }) as Sequential;
    expect(again).toBeInstanceOf(Sequential);
    expect(again.layers.map(({ name }) => name)).toEqual(model.layers.map(({ name }) => name));
    expect(again.outputShape).toEqual([null, 1]);
    again.setWeights(model.getWeights());
    const x = tensor([[0.5, -1]]);
    expect(await (again(x) as Tensor).array()).toEqual(await (model(x) as Tensor).array());
  });

  test('a class made from Sequential stays that class', () => {
    class Tuned extends (Sequential as unknown as new (...parameters: unknown[]) => Sequential) {}
    const Defined = define('Tuned', Tuned);
    const model = new Defined([Input([2]), layers.Dense(1)]);
    expect(deserializeKerasObject(serializeKerasObject(model))).toBeInstanceOf(Defined);
  });

  test('a model class of one’s own reads what it was made with', () => {
    class Block extends (Model as unknown as new (...parameters: unknown[]) => Model) {
      readonly units: number;
      constructor(units: number) {
        super();
        this.units = units;
      }
    }
    const Defined = define('Block', Block) as unknown as (typeof Block & ReadsConfigs) & ((units: number) => Block);
    const config = Defined(7).getConfig();
    expect((Defined.fromConfig(config) as Block).units).toBe(7);
    expect((deserializeKerasObject(serializeKerasObject(Defined(5))) as Block).units).toBe(5);
  });

  test.each([
    ['Sequential', Sequential],
    ['Model', Model],
  ] as const)('%s.fromConfig says who reads whole models', (name, modelClass) => {
    const config = { name: 'm', layers: [] as readonly Json[] };
    const read = (): unknown => (modelClass as unknown as ReadsConfigs).fromConfig(config);
    expect(read).toThrow(CeratopsError);
    expect(read).toThrow(`write saving.deserializeKerasObject({ class_name: '${name}', config })`);
  });

  test('compileFromConfig knows custom objects though it waits for what reads them', async () => {
    const model = stack();
    const doubled = (y: Tensor, yPred: Tensor): Tensor => multiply(subtract(yPred, y), 2) as Tensor;
    const loss = { module: 'builtins', class_name: 'function', config: 'doubled', registered_name: 'doubled' };
    await withCustomObjects({ doubled }, () => model.compileFromConfig({ optimizer: 'sgd', loss }));
    const x = [
      [1, 2],
      [3, 4],
    ];
    const predicted = (await (await model.predict(x)).array()) as number[][];
    const { loss: found } = await model.testOnBatch(x, [[1], [1]]);
    expect(found).toBeCloseTo(predicted[0]![0]! - 1 + predicted[1]![0]! - 1, 5);
  });

  test('functions of Keras are found by name, as Python writes them', async () => {
    const written = (name: string) => ({
      module: 'builtins',
      class_name: 'function',
      config: name,
      registered_name: 'function',
    });
    const model = stack();
    await model.compileFromConfig({
      optimizer: 'sgd',
      loss: written('mean_squared_logarithmic_error'),
      metrics: [written('mean_absolute_error'), written('binary_accuracy')],
    });
    const predicted = (await (await model.predict([[1, 2]])).array()) as number[][];
    const [value] = predicted[0]!;
    const logs = await model.testOnBatch([[1, 2]], [[1]]);
    expect(Object.keys(logs)).toEqual(['binary_accuracy', 'loss', 'mean_absolute_error']);
    expect(logs.loss).toBeCloseTo((Math.log1p(Math.max(value!, 1e-7)) - Math.LN2) ** 2, 5);
    expect(logs.mean_absolute_error).toBeCloseTo(Math.abs(value! - 1), 5);
    expect(logs.binary_accuracy).toBe(value! > 0.5 ? 1 : 0);
    expect(model.getCompileConfig()).toMatchObject({ loss: written('mean_squared_logarithmic_error') });
  });

  test('functions of Keras are written under the names that Python has for them', () => {
    const model = stack();
    model.compile({ loss: losses.meanSquaredLogarithmicError, metrics: [metrics.sparseTopKCategoricalAccuracy] });
    expect(model.getCompileConfig()).toMatchObject({
      loss: { class_name: 'function', config: 'mean_squared_logarithmic_error' },
      metrics: [{ class_name: 'function', config: 'sparse_top_k_categorical_accuracy' }],
    });
  });

  test('an unknown custom function is named when the loss is needed', async () => {
    const model = stack();
    const loss = { module: 'builtins', class_name: 'function', config: 'doubled', registered_name: 'doubled' };
    await model.compileFromConfig({ optimizer: 'sgd', loss });
    await expect(model.testOnBatch([[1, 2]], [[1]])).rejects.toThrow(/unknown function 'doubled'/);
  });

  test('layers inside layers are read too', () => {
    class Twice extends Layer {
      override call(x: Tensor, _options: CallOptions): Tensor {
        return multiply(x, 2) as Tensor;
      }
    }
    const Defined = define('Twice', Twice);
    const inner = Sequential([Input([2]), Defined(), layers.Dense(1)]);
    const input = Input([2]);
    const model = Model(input, inner(input));
    const again = deserializeKerasObject(serializeKerasObject(model)) as Model;
    expect(again.layers.map(({ name }) => name)).toEqual(model.layers.map(({ name }) => name));
    expect((again.layers.at(-1) as unknown as Sequential).layers[0]).toBeInstanceOf(Defined);
  });
});
