/** Classes and functions of one's own, as users write them, saved and loaded. */

import { type Tensor, tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { unzipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { setRandomSeed } from '../engine/random-state.js';
import { Input, Layer, Model, ops, optimizers, Sequential } from '../index.js';
import * as layers from '../layers/index.js';
import { onDevices } from '../test-support/devices.js';
import { loadModel, registerKerasSerializable, serializeKerasObject } from './index.js';

interface ScaleOptions {
  readonly factor?: number;
  readonly name?: string;
}

class Scale extends Layer {
  readonly factor: number;

  constructor({ factor = 1, ...rest }: ScaleOptions = {}) {
    super(rest);
    this.factor = factor;
  }

  override call(x: Tensor): Tensor {
    return ops.multiply(x, this.factor);
  }

  override getConfig() {
    return { ...super.getConfig(), factor: this.factor };
  }
}
registerKerasSerializable(Scale, { package: 'tests' });

class Net extends Model {
  readonly first = layers.Dense(4, { activation: 'tanh' });
  readonly inner = [layers.Dense(3), new Scale({ factor: 2 })];
  readonly last = layers.Dense(1);

  override call(x: Tensor): Tensor {
    return this.last(this.inner.reduce((value, layer) => layer(value) as Tensor, this.first(x)));
  }

  override getConfig() {
    return { ...super.getConfig() };
  }
}
registerKerasSerializable(Net, { package: 'tests' });

function meanCube(yTrue: Tensor, yPred: Tensor): Tensor {
  return ops.mean(ops.power(ops.absolute(ops.subtract(yTrue, yPred)), 3), -1);
}
registerKerasSerializable(meanCube as never, { package: 'tests' });

const x = tensor(
  Array.from({ length: 20 }, (_, i) => Math.sin(i)),
  { shape: [5, 4] },
);
const y = tensor([1, 0, 2, 1, 3], { shape: [5, 1] });
const quiet = { verbose: 0, shuffle: false } as const;

async function reloaded<M extends { toBytes(): Promise<Uint8Array> }>(model: M): Promise<M> {
  return (await loadModel(await model.toBytes())) as never;
}

const configOf = async (model: { toBytes(): Promise<Uint8Array> }): Promise<string> =>
  new TextDecoder().decode(unzipSync(await model.toBytes())['config.json']);

beforeEach(() => setRandomSeed(1));

onDevices('classes of one’s own', () => {
  it('a plain class that adds to super.getConfig() is made from its options again', async () => {
    const model = Sequential([Input([4]), new Scale({ factor: 3, name: 'triple' }), layers.Dense(1)]);
    const again = await reloaded(model);
    expect(again.layers[0]).toBeInstanceOf(Scale);
    const { factor, name } = again.layers[0] as Scale;
    expect([factor, name]).toEqual([3, 'triple']);
    expect(await (await again.predict(x)).array()).toEqual(await (await model.predict(x)).array());
  });

  it('a subclassed model without build is built by its call again, and trains on', async () => {
    const model = new Net();
    model.compile({ optimizer: 'adam', loss: 'mse' });
    await model.fit(x, y, quiet);
    expect(JSON.parse(await configOf(model)).build_config).toEqual({ input_shape: [5, 4] });
    const again = await reloaded(model);
    expect(await (await again.predict(x)).array()).toEqual(await (await model.predict(x)).array());
    await Promise.all([model.fit(x, y, quiet), again.fit(x, y, quiet)]);
    expect(await (await again.predict(x)).array()).toEqual(await (await model.predict(x)).array());
  });

  it('a registered function is a loss, and is found by its registered name', async () => {
    const model = Sequential([Input([4]), layers.Dense(1)]);
    model.compile({ optimizer: 'sgd', loss: meanCube, metrics: [meanCube] });
    const { history } = await model.fit(x, y, quiet);
    expect(Object.keys(history).sort()).toEqual(['loss', 'meanCube']);
    expect(JSON.parse(await configOf(model)).compile_config.loss.config).toBe('tests>meanCube');
    const again = await reloaded(model);
    expect(await again.evaluate(x, y, { verbose: 0 })).toEqual(await model.evaluate(x, y, { verbose: 0 }));
  });
});

describe('files', () => {
  it('hold whole numbers that Keras takes for floats with a point, others without', async () => {
    const model = Sequential([Input([4]), layers.Dropout(0), layers.Dense(1)]);
    const rate = optimizers.schedules.ExponentialDecay(1, 10, 0.5);
    model.compile({ optimizer: optimizers.SGD(rate), loss: 'mse' });
    const text = await configOf(model);
    expect(text).toContain('"momentum": 0.0');
    expect(text).toContain('"initial_learning_rate": 1.0');
    expect(text).toContain('"rate": 0.0');
    expect(text).toContain('"units": 1,');
    model.compile({ optimizer: optimizers.Adam(1), loss: 'mse' });
    expect(await configOf(model)).toContain('"learning_rate": 1.0');
    expect(JSON.parse(text).config).toEqual(JSON.parse(JSON.stringify(serializeKerasObject(model))).config);
  });

  it('are refused when a byte of their members has changed', async () => {
    const bytes = await Sequential([Input([4]), layers.Dense(50)]).toBytes();
    const weights = unzipSync(bytes)['model.weights.h5']!;
    const start = Buffer.from(bytes).indexOf(Buffer.from(weights));
    for (const at of [0.1, 0.5, 0.7, 0.9]) {
      const damaged = bytes.slice();
      damaged[start + Math.floor(weights.length * at)]! ^= 0x55;
      const error = await loadModel(damaged).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(CeratopsError);
      expect(error).toMatchObject({ code: 'MALFORMED_INPUT', problem: expect.stringContaining('checksum') });
    }
  });
});
