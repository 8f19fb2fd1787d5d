/** Order: sort, argsort, topK, inTopK, searchsorted. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { comparatorRegion } from '@ceratops/kernel-registry';
import { sliceAxis } from './splitting.js';
import { castTo, declare, defineOp, leading, normalizeAxis, type Op } from './support.js';

export interface SortOptions {
  readonly axis?: number | null | undefined;
}

export type Sort = (x: TensorLike, axis?: number | null | SortOptions) => Tensor;

function along(
  x: TensorLike,
  first: number | null | SortOptions | undefined,
  subject: string,
): { value: Tensor; axis: number } {
  const { axis = -1 } = leading<SortOptions>('axis', first, undefined);
  const value = asTensor(x);
  if (axis === null) return { value: prim.reshape(value, [value.size]), axis: 0 };
  return { value, axis: normalizeAxis(axis, value.shape.length, subject) };
}

/** Ascending along an axis (the last). */
export const sort: Op<Sort> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Sort', 1, 'numpy', ['axis'], { defaults: { axis: -1 } }),
  (x: TensorLike, first?: number | null | SortOptions): Tensor => {
    const { value, axis } = along(x, first, 'sort');
    return prim.sort([value], axis)[0]!;
  },
);

function indicesLike(x: Tensor, axis: number): Tensor {
  return prim.iota({ dtype: 'int32', shape: x.shape }, axis);
}

/** The indices that sort, ascending; equal elements keep their order. */
export const argsort: Op<Sort> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Argsort', 1, 'numpy', ['axis'], { defaults: { axis: -1 } }),
  (x: TensorLike, first?: number | null | SortOptions): Tensor => {
    const { value, axis } = along(x, first, 'argsort');
    return prim.sort([value, indicesLike(value, axis)], axis)[1]!;
  },
);

export interface TopKOptions {
  readonly k?: number | undefined;
  readonly sorted?: boolean | undefined;
}

/** [the k largest elements of the last axis in descending order, their indices]. */
export const topK: Op<(x: TensorLike, k: number | TopKOptions, options?: TopKOptions) => [Tensor, Tensor]> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('TopK', 1, 'math', ['k', 'sorted'], { defaults: { sorted: true } }),
    (x: TensorLike, first: number | TopKOptions, options?: TopKOptions): [Tensor, Tensor] => {
      const { k = 1 } = leading<TopKOptions>('k', first, options);
      const value = asTensor(x);
      const axis = value.shape.length - 1;
      const descending = comparatorRegion([value.dtype, 'int32'], 'GT');
      const [values, indices] = prim.sort([value, indicesLike(value, axis)], axis, descending) as [Tensor, Tensor];
      return [sliceAxis(values, axis, 0, k), sliceAxis(indices, axis, 0, k)];
    },
  );

export interface InTopKOptions {
  readonly k?: number | undefined;
}

/** Whether the score of the target class is among the k best of its row; equal scores count in favour. */
export const inTopK: Op<(targets: TensorLike, predictions: TensorLike, k: number | InTopKOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('InTopK', 2, 'math', ['k']),
    (targets: TensorLike, predictions: TensorLike, first: number | InTopKOptions): Tensor => {
      const { k = 1 } = leading<InTopKOptions>('k', first, undefined);
      const scores = asTensor(predictions);
      const [rows, classes] = scores.shape as [number, number];
      const wanted = prim.broadcastInDim(castTo(asTensor(targets), 'int32'), [rows, classes], [0]);
      const isTarget = prim.compare(wanted, indicesLike(scores, 1), 'EQ');
      const zero = prim.broadcastTo(prim.scalar(0, scores.dtype), scores.shape);
      const score = prim.reduceSum(prim.select(isTarget, scores, zero), [1]);
      const better = prim.compare(scores, prim.broadcastInDim(score, scores.shape, [0]), 'GT');
      const rank = prim.reduceSum(prim.convert(better, 'int32'), [1]);
      const inside = prim.compare(rank, prim.broadcastTo(prim.scalar(k, 'int32'), rank.shape), 'LT');
      return prim.and(prim.and(inside, prim.reduceOr(isTarget, [1])), prim.isFinite(score));
    },
  );

export interface SearchOptions {
  readonly side?: 'left' | 'right' | undefined;
}

/** Where each value would go into a sorted vector: before equal elements (`left`) or after them. */
export const searchsorted: Op<
  (sortedSequence: TensorLike, values: TensorLike, side?: 'left' | 'right' | SearchOptions) => Tensor
> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('SearchSorted', 2, 'numpy', ['side'], { defaults: { side: 'left' } }),
  (sortedSequence: TensorLike, values: TensorLike, first?: 'left' | 'right' | SearchOptions): Tensor => {
    const { side = 'left' } = leading<SearchOptions>('side', first, undefined);
    const sequence = asTensor(sortedSequence);
    const wanted = castTo(asTensor(values), sequence.dtype);
    const shape = [...wanted.shape, sequence.size];
    const rank = wanted.shape.length;
    const elements = prim.broadcastInDim(sequence, shape, [rank]);
    const each = prim.broadcastInDim(
      wanted,
      shape,
      wanted.shape.map((_, i) => i),
    );
    return prim.reduceSum(prim.convert(prim.compare(elements, each, side === 'left' ? 'LT' : 'LE'), 'int32'), [rank]);
  },
);
