/** Slices at computed places. */
import * as emit from '@ceratops/kernel-registry/emit';
import { emitter } from '../graph/emit.js';
import type { Tensor } from '../tensor/tensor.js';
import { emitted, nodeOf } from './apply.js';

/** One slice; starts are scalars, clamped. */
export function dynamicSlice(x: Tensor, starts: readonly Tensor[], sliceSizes: readonly number[]): Tensor {
  return emitted(emit.dynamicSlice(emitter, nodeOf(x), starts.map(nodeOf), sliceSizes));
}

/** `x` with one slice replaced; starts are scalars, clamped. */
export function dynamicUpdateSlice(x: Tensor, update: Tensor, starts: readonly Tensor[]): Tensor {
  return emitted(emit.dynamicUpdateSlice(emitter, nodeOf(x), nodeOf(update), starts.map(nodeOf)));
}
