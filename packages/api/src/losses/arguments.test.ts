/** Positional arguments of losses and metrics, as Keras takes them. */

import { describe, expect, it } from 'vitest';
import * as metrics from '../metrics/index.js';
import { onDevices } from '../test-support/devices.js';
import * as losses from './index.js';

describe('the first argument', () => {
  it('of losses without arguments of their own is the reduction', () => {
    for (const loss of [losses.MeanSquaredError, losses.MeanAbsoluteError, losses.KLDivergence, losses.Poisson]) {
      expect(loss('sum').reduction).toBe('sum');
      expect(loss('sum', { name: 'mine' }).name).toBe('mine');
    }
    expect(() => losses.MeanSquaredError('total' as never)).toThrow(/reduction/);
  });

  it('of metrics without arguments of their own is the name', () => {
    const { Accuracy, Mean, MeanSquaredError, SparseCategoricalAccuracy, Sum } = metrics;
    for (const metric of [Accuracy, Mean, MeanSquaredError, SparseCategoricalAccuracy, Sum]) {
      expect(metric('mine').name).toBe('mine');
    }
    expect(() => metrics.Mean('mine', 'float32' as never)).toThrow(/too many positional/);
  });
});

onDevices('CategoricalFocalCrossentropy', () => {
  it('takes a weight for each class', async () => {
    const loss = losses.CategoricalFocalCrossentropy([0.1, 0.2, 0.3]);
    const value = loss(
      [
        [0, 1, 0],
        [1, 0, 0],
      ],
      [
        [0.05, 0.9, 0.05],
        [0.2, 0.3, 0.5],
      ],
    );
    // Keras 3.15.1 on JAX.
    expect(await value.item()).toBeCloseTo(0.05160737782716751, 6);
  });
});
