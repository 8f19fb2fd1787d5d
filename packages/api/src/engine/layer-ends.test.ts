import { CeratopsError } from '@ceratops/kernel-registry';
import { describe, expect, it } from 'vitest';
import { Input, Model, Sequential } from '../index.js';
import * as layers from '../layers/index.js';
import { onDevices } from '../test-support/devices.js';

onDevices('parts of models', () => {
  it('are made of the inputs and outputs of their layers', async () => {
    const hidden = layers.Dense(2, { name: 'hidden', kernelInitializer: 'ones', biasInitializer: 'ones' });
    const model = Sequential([Input([3]), hidden, layers.Dense(1)]);
    const features = Model(model.inputs![0]!, model.getLayer('hidden').output);
    expect(await (await features.predict([[1, 2, 3]], { verbose: 0 })).array()).toEqual([[7, 7]]);
    expect(hidden.input).toBe(model.input);
    expect(model.output.shape).toEqual([null, 1]);
  });
});

describe('ends that are none, or several', () => {
  it('are a typed error', () => {
    const error = (run: () => unknown): CeratopsError => {
      try {
        run();
      } catch (caught) {
        if (caught instanceof CeratopsError) return caught;
      }
      throw new Error('no typed error');
    };
    expect(error(() => layers.Dense(1).output).received).toContain('never called');
    const [a, b] = [Input([2]), Input([2])];
    const sum = layers.Add();
    const model = Model([a, b], sum([a, b]));
    expect(error(() => sum.input).remedy).toContain('inboundNodes[0].inputs');
    expect(error(() => model.input).remedy).toContain('model.inputs');
    expect(model.output).toBe(sum.output);
  });
});
