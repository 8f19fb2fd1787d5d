import { expect, it } from 'vitest';
import { PReLU } from './prelu.js';

// Shapes of Keras 3.15.1, which counts axes that are not positive in the shape without the batch.
it.each([
  [1, [1, 4, 5]],
  [
    [1, 2],
    [1, 1, 5],
  ],
  [-1, [3, 1, 5]],
  [-2, [1, 4, 5]],
  [0, [3, 4, 1]],
])('sharedAxes %j', (sharedAxes, shape) => {
  const layer = PReLU({ sharedAxes });
  layer.build([2, 3, 4, 5]);
  expect(layer.alpha!.shape).toEqual(shape);
});
