// @ts-check
/** Moves the axes of images and convolution kernels, for libraries that want them otherwise. */

import { sizeOf } from './hashed-numbers.mjs';

/** @typedef {{ shape: readonly number[], data: ArrayLike<number> }} Values */

/**
 * A transpose: axis i of the result is axis `order[i]` of the input.
 * @param {readonly number[]} order
 * @returns {(values: Values) => { shape: number[], data: Float32Array }}
 */
const moving =
  (...order) =>
  ({ shape, data }) => {
    const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
    const target = order.map((axis) => shape[axis]);
    const steps = order.map((axis) => strides[axis]);
    const moved = new Float32Array(data.length);
    let next = 0;
    for (let a = 0; a < target[0]; a++)
      for (let b = 0; b < target[1]; b++)
        for (let c = 0; c < target[2]; c++)
          for (let d = 0; d < target[3]; d++)
            moved[next++] = data[a * steps[0] + b * steps[1] + c * steps[2] + d * steps[3]];
    return { shape: target, data: moved };
  };

/** NHWC to NCHW, and back. */
export const channelsFirst = moving(0, 3, 1, 2);
export const channelsLast = moving(0, 2, 3, 1);

/** HWIO to OIHW, and back. */
export const kernelOutputsFirst = moving(3, 2, 0, 1);
export const kernelOutputsLast = moving(2, 3, 1, 0);
