/** From values of any rank to one per sample, weighted: what Mean and Sum add up. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import type { DType } from '@ceratops/kernel-registry';
import { maskOf } from '../engine/masks.js';
import { applyMask, toSameRank } from '../losses/reduction.js';
import { broadcastTo, cast, multiply } from '../ops/common.js';

type ReduceOver = (x: Tensor, axes: readonly number[]) => Tensor;

function axesFrom(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
}

function reduceBeyond(x: Tensor, first: number, reduce: ReduceOver): Tensor {
  return x.shape.length > first ? reduce(x, axesFrom(first, x.shape.length)) : x;
}

export interface Samplewise {
  readonly values: Tensor;
  readonly weight: Tensor | undefined;
}

export function toSamplewise(
  given: TensorLike,
  sampleWeight: TensorLike | undefined,
  dtype: DType,
  reduce: ReduceOver,
): Samplewise {
  const mask = maskOf(given) as Tensor | undefined;
  const values = cast(given, dtype);
  if (sampleWeight === undefined || sampleWeight === null)
    return { values: reduceBeyond(values, 1, reduce), weight: undefined };
  const masked = applyMask(cast(asTensor(sampleWeight), dtype), mask, dtype, 'sum')!;
  const [aligned, weight] = toSameRank(values, masked);
  const rank = weight.shape.length;
  const perWeight = reduceBeyond(aligned, rank, reduce);
  const spread = broadcastTo(weight, perWeight.shape);
  const weighted = multiply(perWeight, spread);
  return { values: reduceBeyond(weighted, 1, reduce), weight: rank > 1 ? reduceBeyond(spread, 1, reduce) : spread };
}
