/** One-hot vectors from class indices, on the host. */

import { type Tensor, tensor } from '@ceratops/core';
import { CeratopsError, type HostArray } from '@ceratops/kernel-registry';
import { floatx } from '../engine/config.js';

/**
 * @param y class indices from 0.
 * @param numClasses size of the new last axis; the largest index and one unless given.
 * @returns a tensor of shape [y.length, numClasses] in the default float dtype.
 */
export function toCategorical(y: readonly number[] | HostArray, numClasses?: number): Tensor {
  const indices = Array.from(y as ArrayLike<number | bigint>, Number);
  const classes = numClasses ?? indices.reduce((max, index) => Math.max(max, index), -1) + 1;
  const data = new Float32Array(indices.length * classes);
  indices.forEach((index, row) => {
    if (!Number.isInteger(index) || index < 0 || index >= classes) {
      throw new CeratopsError('INVALID_ARGUMENT', 'not a class index', {
        subject: 'toCategorical',
        expected: `an integer from 0 to ${classes - 1}`,
        received: String(index),
      });
    }
    data[row * classes + index] = 1;
  });
  return tensor(data, { shape: [indices.length, classes], dtype: floatx() });
}
