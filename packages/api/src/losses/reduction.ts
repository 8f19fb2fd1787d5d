/** How the losses of single samples become one number: weights, masks, reduction. Also used by metrics. */

import type { Tensor } from '@ceratops/core';
import type { DType } from '@ceratops/kernel-registry';
import { cast, divideNoNan, expandDims, multiply, squeeze, sum, where } from '../ops/common.js';

/** `none` (or null) keeps the losses of the samples. */
export type Reduction = 'sum_over_batch_size' | 'sum' | 'mean' | 'mean_with_sample_weight' | 'none' | null;

export const reductions: readonly Exclude<Reduction, null>[] = [
  'sum_over_batch_size',
  'sum',
  'mean',
  'mean_with_sample_weight',
  'none',
];

/** Ranks that differ by a trailing axis of size 1 are made equal, as Keras does. */
export function toSameRank(a: Tensor, b: Tensor, expandVectors = true): [Tensor, Tensor] {
  const [m, n] = [a.shape.length, b.shape.length];
  if (m === n + 1 && a.shape.at(-1) === 1) {
    return n === 1 && expandVectors ? [a, expandDims(b, -1)] : [squeeze(a, -1), b];
  }
  if (n === m + 1 && b.shape.at(-1) === 1) {
    return m === 1 && expandVectors ? [expandDims(a, -1), b] : [a, squeeze(b, -1)];
  }
  return [a, b];
}

/** The mask as sample weights: for means, visible positions weigh total / visible, so that hidden ones do not count. */
export function applyMask(
  weight: Tensor | undefined,
  mask: Tensor | undefined,
  dtype: DType,
  reduction: Reduction,
): Tensor | undefined {
  if (mask === undefined) return weight;
  const visible = cast(mask, 'bool');
  let factor = cast(visible, dtype);
  if (reduction === 'mean' || reduction === 'sum_over_batch_size') {
    factor = where(visible, divideNoNan(mask.size, sum(factor)), 0);
  }
  if (weight === undefined) return factor;
  const [aligned, given] = toSameRank(factor, cast(weight, dtype));
  return multiply(given, aligned);
}

export interface ReduceOptions {
  readonly sampleWeight?: Tensor | undefined;
  readonly mask?: Tensor | undefined;
  readonly reduction: Reduction;
  readonly dtype: DType;
}

/** One number from the losses of the samples (or the losses themselves, weighted). */
export function reduceWeighted(losses: Tensor, { sampleWeight, mask, reduction, dtype }: ReduceOptions): Tensor {
  const weight = applyMask(sampleWeight, mask, dtype, reduction);
  let values = cast(losses, dtype);
  let aligned: Tensor | undefined;
  if (weight !== undefined) {
    [values, aligned] = toSameRank(values, cast(weight, dtype));
    values = multiply(values, aligned);
  }
  const alone = values.shape.length === 0 || (values.shape.length === 1 && values.size === 0);
  if (reduction === null || reduction === 'none' || alone) return values;
  const total = sum(values);
  if (reduction === 'sum') return total;
  const byWeight = reduction === 'mean_with_sample_weight' && aligned !== undefined;
  return divideNoNan(total, byWeight ? sum(aligned!) : values.size);
}
