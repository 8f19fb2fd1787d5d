/** Gather and scatter. */
import type { GatherAttributes, ScatterAttributes } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { emitter } from '../graph/emit.js';
import type { Tensor } from '../tensor/tensor.js';
import { emitted, emittedMany, nodeOf } from './apply.js';

/** Slices of `x` at start indices; out-of-bounds starts are clamped. */
export function gather(x: Tensor, indices: Tensor, attributes: GatherAttributes): Tensor {
  return emitted(emit.gather(emitter, nodeOf(x), nodeOf(indices), attributes));
}

/** Combines updates into slices of each of `xs` at the indices; out-of-bounds updates are dropped. */
export function scatter(
  xs: readonly Tensor[],
  indices: Tensor,
  updates: readonly Tensor[],
  attributes: ScatterAttributes,
): Tensor[] {
  return emittedMany(emit.scatter(emitter, xs.map(nodeOf), nodeOf(indices), updates.map(nodeOf), attributes));
}
