import { type Tensor, tensor } from '@ceratops/core';
import type { DType } from '@ceratops/kernel-registry';
import { expect, it } from 'vitest';
import { onDevices } from '../test-support/devices.js';
import { Softmax } from './softmax.js';

onDevices('Softmax', () => {
  // Values of Keras 3.15.1 on JAX.
  const masks: readonly (readonly [DType, readonly number[], readonly number[]])[] = [
    ['int32', [1, 0, 2], [0.11920291, 0, 0.880797]],
    ['int32', [1, 0, -1], [1, 0, 0]],
    ['float32', [1, 0, 0.4], [1, 0, 0]],
  ];
  it.each(masks)('takes a mask of %s %j', async (dtype, mask, expected) => {
    const result = Softmax().call(tensor([1, 2, 3]), { mask: tensor([...mask], { dtype }) }) as Tensor;
    const values = [...((await result.data()) as Float32Array)];
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
  });
});
