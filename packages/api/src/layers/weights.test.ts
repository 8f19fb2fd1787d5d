import type { Tensor } from '@ceratops/core';
import { expect, test } from 'vitest';
import type { Layer } from '../engine/layer.js';
import { setRandomSeed } from '../engine/random-state.js';
import type { Weight } from '../engine/weight.js';
import { onDevices } from '../test-support/devices.js';
import { Conv1D } from './conv1d.js';
import { Conv2D } from './conv2d.js';
import { Dense } from './dense.js';
import { DepthwiseConv2D } from './depthwise-conv2d.js';

type Options = { readonly biasInitializer: 'zeros' | 'random_normal' };

onDevices('seeds', () => {
  test.each<[string, readonly number[], (options: Options) => Layer]>([
    ['Dense', [3], (options) => Dense(2, options)],
    ['Conv1D', [5, 3], (options) => Conv1D(2, 3, options)],
    ['Conv2D', [5, 5, 3], (options) => Conv2D(2, 3, options)],
    ['DepthwiseConv2D', [5, 5, 3], (options) => DepthwiseConv2D(3, options)],
  ])("%s draws its kernel's seed before its bias's, as in Keras", async (_, shape, make) => {
    const kernelBeside = async (biasInitializer: Options['biasInitializer']): Promise<unknown> => {
      setRandomSeed(3);
      const layer = make({ biasInitializer });
      layer.build([null, ...shape]);
      return ((layer.weights[0] as Weight).value as Tensor).array();
    };
    expect(await kernelBeside('random_normal')).toEqual(await kernelBeside('zeros'));
  });
});
