/** How layers, losses, optimizers and ops take their arguments, and what they say about wrong ones. */

import { isCeratopsError } from '@ceratops/kernel-registry';
import { describe, expect, it } from 'vitest';
import { Input } from '../engine/input.js';
import * as losses from '../losses/index.js';
import * as metrics from '../metrics/index.js';
import * as ops from '../ops/index.js';
import * as optimizers from '../optimizers/index.js';
import * as regularizers from '../regularizers/index.js';
import { onDevices } from '../test-support/devices.js';
import * as layers from './index.js';

function caught(body: () => unknown): { code: string; message: string } {
  try {
    body();
  } catch (error) {
    if (isCeratopsError(error)) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

describe('arguments', () => {
  it('are positional up to the first defaulted one, then named', () => {
    expect(layers.MaxPooling2D(3).strides).toEqual([3, 3]);
    expect(layers.Dense(4, 'relu').getConfig()).toMatchObject({ units: 4, activation: 'relu' });
    expect(new layers.Conv2D(8, [3, 2], { strides: 2 }).getConfig()).toMatchObject({
      kernel_size: [3, 2],
      strides: [2, 2],
    });
    expect(optimizers.Adam(1e-3, { beta1: 0.8 }).getConfig()).toMatchObject({ beta_1: 0.8 });
    expect(regularizers.L2(1e-4).getConfig()).toEqual({ l2: 1e-4 });
    expect(losses.Huber(0.5).delta).toBe(0.5);
    expect(metrics.TopKCategoricalAccuracy(3).k).toBe(3);
  });

  it('take names as Keras writes them, and in camelCase', () => {
    const initializer = (name: string): unknown =>
      layers.Dense(1, { kernelInitializer: name }).getConfig()['kernel_initializer'];
    for (const name of ['he_normal', 'heNormal', 'HeNormal'])
      expect(initializer(name)).toMatchObject({ class_name: 'HeNormal' });
    expect(layers.Activation('hardSigmoid').getConfig()).toMatchObject({ activation: 'hard_sigmoid' });
  });

  it('name the near ones when they are wrong', () => {
    expect(caught(() => layers.Dense(2, { activation: 'rleu' }))).toMatchObject({
      code: 'UNKNOWN_NAME',
      message: /relu/,
    });
    expect(caught(() => layers.Dense(2, { kernelInitializer: 'glorot_unifrm' })).message).toMatch(
      /GlorotUniform|glorot_uniform/i,
    );
    expect(caught(() => layers.Dense(2, { useBais: true } as never)).message).toMatch(/useBias/);
    expect(caught(() => layers.Dense(0)).message).toMatch(/Dense.*units.*integer ≥ 1.*0/);
    expect(caught(() => layers.Conv2D(4, 3, { strides: 2, dilationRate: 2 })).code).toBe('INVALID_ARGUMENT');
    expect(caught(() => optimizers.SGD(0.1, { clipnorm: 1, clipvalue: 1 })).message).toMatch(/clipping/);
  });
});

describe('inputs that do not fit', () => {
  it('are refused at the call, with the layer, what it expected and what came', () => {
    const dense = layers.Dense(2, { name: 'head' });
    dense.build([null, 3]);
    const error = caught(() => dense(Input([4])));
    expect(error).toMatchObject({ code: 'SHAPE_MISMATCH' });
    expect(error.message).toMatch(/head.*size 3 on axis -1.*\(None, 4\)/);
    expect(caught(() => layers.Conv2D(2, 5)(Input([4, 4, 1]))).code).toBe('SHAPE_MISMATCH');
    expect(caught(() => layers.Add()([Input([3]), Input([4])])).message).toMatch(/\(None, 3\) and \(None, 4\)/);
    expect(caught(() => layers.Concatenate()([Input([3, 2]), Input([4, 2])])).code).toBe('SHAPE_MISMATCH');
  });
});

onDevices('ops', () => {
  it('take symbolic tensors and keep unknown sizes', () => {
    const x = Input([4, 6]);
    expect(ops.sum(x, -1).shape).toEqual([null, 4]);
    expect(ops.reshape(ops.transpose(x, [0, 2, 1]), [-1, 24]).shape).toEqual([null, 24]);
    expect(ops.concatenate([x, ops.multiply(x, 2)], 1).shape).toEqual([null, 8, 6]);
    expect(ops.getItem(x, [':', -1]).shape).toEqual([null, 6]);
  });

  it('index as NumPy does', async () => {
    const x = ops.reshape(ops.arange(24), [2, 3, 4]);
    const at = (key: Parameters<typeof ops.getItem>[1]): Promise<unknown> => ops.getItem(x, key).array();
    expect(await at([':', -1])).toEqual([
      [8, 9, 10, 11],
      [20, 21, 22, 23],
    ]);
    expect(await at([1, '::2', '1:-1'])).toEqual([
      [13, 14],
      [21, 22],
    ]);
    expect(await at(['...', '::-1'])).toEqual([
      [
        [3, 2, 1, 0],
        [7, 6, 5, 4],
        [11, 10, 9, 8],
      ],
      [
        [15, 14, 13, 12],
        [19, 18, 17, 16],
        [23, 22, 21, 20],
      ],
    ]);
    expect(await at([null, 0, '5:', 0])).toEqual([[]]);
    expect(caught(() => ops.getItem(x, 3)).code).toBe('SHAPE_MISMATCH');
  });
});
