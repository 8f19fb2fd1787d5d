/** Masks travel beside tensors, in a side table keyed by the tensor; they die with it. */

import type { Tensor } from '@ceratops/core';
import { isTensorOrSymbolic, type KerasTensor } from './keras-tensor.js';
import { flatten, mapTree } from './tree.js';

const masks = new WeakMap<object, Tensor | KerasTensor>();

/** The mask of one tensor. */
export function maskOf(tensor: unknown): Tensor | KerasTensor | undefined {
  return isTensorOrSymbolic(tensor) ? masks.get(tensor) : undefined;
}

export function setMask(tensor: Tensor | KerasTensor, mask: Tensor | KerasTensor): void {
  masks.set(tensor, mask);
}

/** Whoever takes the tensor from now on sees no mask. */
export function removeMask(tensor: Tensor | KerasTensor): void {
  masks.delete(tensor);
}

/** Masks in the structure of the tensors; undefined when there are none at all. */
export function masksOf(tensors: unknown): unknown {
  if (flatten(tensors).every((tensor) => maskOf(tensor) === undefined)) return undefined;
  return mapTree(tensors, maskOf);
}

/** Gives each tensor of the tree its mask, where it has none yet. */
export function setMasks(tensors: unknown, tree: unknown): void {
  const flat = flatten(tree);
  flatten(tensors).forEach((tensor, i) => {
    const mask = flat[i];
    if (isTensorOrSymbolic(tensor) && isTensorOrSymbolic(mask) && !masks.has(tensor)) masks.set(tensor, mask);
  });
}
