/** Sorting. */
import * as emit from '@ceratops/kernel-registry/emit';
import { emitter } from '../graph/emit.js';
import type { Tensor } from '../tensor/tensor.js';
import { type Region, regionOf } from '../transform/region.js';
import { emittedMany, nodeOf } from './apply.js';

/** Sorts all of `xs` alike. comparator: (a0, b0, a1, b1, …) → bool; default: ascending by the first. */
export function sort(xs: readonly Tensor[], dimension: number, comparator?: Region, isStable = true): Tensor[] {
  const dtypes = xs.map(({ dtype }) => dtype);
  const scalars = dtypes.flatMap((dtype) => [
    { dtype, shape: [] },
    { dtype, shape: [] },
  ]);
  const region = comparator && regionOf('sort', comparator, scalars);
  return emittedMany(emit.sort(emitter, xs.map(nodeOf), dimension, region, isStable));
}
