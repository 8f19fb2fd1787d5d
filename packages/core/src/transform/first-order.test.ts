import { expect, it } from 'vitest';
import * as p from '../primitives/index.js';
import { type Tensor, tensor } from '../tensor/tensor.js';
import { computing, onDevices } from '../test-support/devices.js';
import { Variable } from '../variable.js';
import { firstOrderGradients } from './first-order.js';
import { grad } from './gradient.js';

const sumOfSquares = (x: Tensor): Tensor => p.reduceSum(p.multiply(x, x), [0]);
const pooled = (x: Tensor): Tensor =>
  p.reduceWindowMax(x, { windowDimensions: [2], windowStrides: [2], padding: [[0, 0]] });

onDevices(computing, 'a training step', () => {
  it('differentiates a loss that takes gradients itself, max pooling included', async () => {
    const w = new Variable(tensor([1, 3, -2, -4]));
    const step = firstOrderGradients(() => sumOfSquares(grad((x: Tensor) => sumOfSquares(pooled(x)))(w.value)), [w]);
    // Σ m² has the gradient 2m at each pair's largest element m; the sum of its squares 4m² has 8m.
    const [loss, [gradient]] = step();
    expect(await loss.item()).toBe(4 * 9 + 4 * 4);
    expect(await gradient!.array()).toEqual([0, 24, -16, 0]);
  });
});
