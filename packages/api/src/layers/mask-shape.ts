import { isTensor } from '@ceratops/core';
import { CeratopsError, type Shape } from '@ceratops/kernel-registry';
import { show } from '../engine/show.js';

/** The shape of a mask. @throws INVALID_ARGUMENT for what is no tensor. */
export function shapeOfMask(name: string, mask: unknown): Shape {
  if (isTensor(mask)) return mask.shape;
  throw new CeratopsError('INVALID_ARGUMENT', `${name} is no tensor`, {
    expected: 'a bool tensor',
    received: show(mask),
    remedy: "keras.tensor makes one of numbers: tensor([[1, 0]], { dtype: 'bool' })",
  });
}
