/** Elements by index, and the reverse: take, takeAlongAxis, scatter, segment sums. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import {
  CeratopsError,
  type DType,
  dtypes,
  identityOf,
  isFloating,
  type ReducerOp,
  scalarRegion,
} from '@ceratops/kernel-registry';
import { show } from '../engine/show.js';
import { castTo, declare, defineOp, leading, literal, normalizeAxis, type Op, scalar } from './support.js';

/** Indices as int32, negative ones counted from the end; and where they are in range. */
function wrapIndices(indices: TensorLike, size: number): { index: Tensor; valid: Tensor } {
  const given = asTensor(indices);
  const index = dtypes[given.dtype].kind === 'float' || dtypes[given.dtype].bits < 32 ? castTo(given, 'int32') : given;
  if (dtypes[index.dtype].kind === 'uint') return { index, valid: prim.compare(index, literal(index, size), 'LT') };
  const zero = literal(index, 0);
  const wrapped = prim.select(prim.compare(index, zero, 'LT'), prim.add(index, literal(index, size)), index);
  const valid = prim.and(prim.compare(wrapped, zero, 'GE'), prim.compare(wrapped, literal(index, size), 'LT'));
  return { index: wrapped, valid };
}

/** What JAX gives for an index out of range: NaN, or the extreme integer. */
function fillValue(dtype: DType): Tensor {
  if (isFloating(dtype)) return scalar(Number.NaN, dtype);
  const { kind } = dtypes[dtype];
  return kind === 'bool'
    ? scalar(true, dtype)
    : scalar(identityOf(kind === 'uint' ? 'minimum' : 'maximum', dtype) as number, dtype);
}

function fillInvalid(taken: Tensor, valid: Tensor, dimensions: readonly number[]): Tensor {
  const mask = prim.broadcastInDim(valid, taken.shape, dimensions);
  return prim.select(mask, taken, prim.broadcastTo(fillValue(taken.dtype), taken.shape));
}

/** Slices of `x` along an axis at integer indices of any shape. */
export function takeRows(x: Tensor, indices: TensorLike, axis: number): Tensor {
  const { index, valid } = wrapIndices(indices, x.shape[axis]!);
  const rank = index.shape.length;
  const offsets = x.shape.flatMap((_, i) => (i === axis ? [] : [i < axis ? i : i + rank - 1]));
  const taken = prim.gather(x, index, {
    offsetDims: offsets,
    collapsedSliceDims: [axis],
    operandBatchingDims: [],
    startIndicesBatchingDims: [],
    startIndexMap: [axis],
    indexVectorDim: rank,
    sliceSizes: x.shape.map((size, i) => (i === axis ? 1 : size)),
    indicesAreSorted: false,
  });
  return fillInvalid(
    taken,
    valid,
    index.shape.map((_, i) => axis + i),
  );
}

export interface TakeOptions {
  readonly axis?: number | null | undefined;
}

/** Slices along an axis, or elements of all in order when there is no axis. Out of range gives NaN, as on JAX. */
export const take: Op<(x: TensorLike, indices: TensorLike, axis?: number | null | TakeOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Take', 2, 'numpy', ['axis']),
    (x: TensorLike, indices: TensorLike, first?: number | null | TakeOptions): Tensor => {
      const { axis } = leading<TakeOptions>('axis', first, undefined);
      const value = asTensor(x);
      if (axis === null || axis === undefined) return takeRows(prim.reshape(value, [value.size]), indices, 0);
      return takeRows(value, indices, normalizeAxis(axis, value.shape.length, 'take'));
    },
  );

/** One element per index, each from its own line along the axis. */
export const takeAlongAxis: Op<(x: TensorLike, indices: TensorLike, axis?: number | null | TakeOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('TakeAlongAxis', 2, 'numpy', ['axis']),
    (x: TensorLike, indices: TensorLike, first?: number | null | TakeOptions): Tensor => {
      const { axis } = leading<TakeOptions>('axis', first, undefined);
      const given = asTensor(x);
      const flat = axis === null || axis === undefined;
      const value = flat ? prim.reshape(given, [given.size]) : given;
      const along = flat ? 0 : normalizeAxis(axis, value.shape.length, 'takeAlongAxis');
      const { index, valid } = wrapIndices(indices, value.shape[along]!);
      const lines = value.shape.flatMap((_, i) => (i === along ? [] : [i]));
      const wide = prim.broadcastTo(
        value,
        value.shape.map((size, i) => (i === along ? size : Math.max(size, index.shape[i]!))),
      );
      const whole = index.shape.map((size, i) => (i === along ? size : wide.shape[i]!));
      const taken = prim.gather(wide, prim.broadcastTo(index, whole), {
        offsetDims: [],
        collapsedSliceDims: [along],
        operandBatchingDims: lines,
        startIndicesBatchingDims: lines,
        startIndexMap: [along],
        indexVectorDim: whole.length,
        sliceSizes: wide.shape.map(() => 1),
        indicesAreSorted: false,
      });
      return fillInvalid(
        taken,
        prim.broadcastTo(valid, whole),
        whole.map((_, i) => i),
      );
    },
  );

/** Rows of `updates` combined into a filled tensor at row indices. */
function scatterRows(op: ReducerOp, initial: Tensor, indices: Tensor, updates: Tensor): Tensor {
  const depth = indices.shape.at(-1)!;
  const batch = indices.shape.length - 1;
  const [result] = prim.scatter([initial], indices, [updates], {
    updateWindowDims: updates.shape.flatMap((_, i) => (i < batch ? [] : [i])),
    insertedWindowDims: Array.from({ length: depth }, (_, i) => i),
    inputBatchingDims: [],
    scatterIndicesBatchingDims: [],
    scatterDimsToOperandDims: Array.from({ length: depth }, (_, i) => i),
    indexVectorDim: batch,
    indicesAreSorted: false,
    uniqueIndices: false,
    body: scalarRegion(initial.dtype, op),
  });
  return result!;
}

export interface ScatterOptions {
  readonly shape?: readonly number[] | undefined;
}

/** A tensor of zeros with `values` added at `indices`, whose last axis holds positions. */
export const scatter: Op<
  (indices: TensorLike, values: TensorLike, shape: readonly number[] | ScatterOptions) => Tensor
> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Scatter', 2, 'core', ['shape']),
  (indices: TensorLike, values: TensorLike, first: readonly number[] | ScatterOptions): Tensor => {
    const { shape = [] } = leading<ScatterOptions>('shape', first, undefined);
    const updates = asTensor(values);
    return scatterRows('add', literal({ dtype: updates.dtype, shape }, 0), castTo(asTensor(indices), 'int32'), updates);
  },
);

export interface SegmentOptions {
  readonly numSegments: number;
}

type Segment = (data: TensorLike, segmentIds: TensorLike, numSegments: number | SegmentOptions) => Tensor;

function segment(className: string, op: 'add' | 'maximum'): Op<Segment> {
  const declaration = declare(className, 2, 'math', ['numSegments'], { defaults: { sorted: false } });
  return defineOp(declaration, (data: TensorLike, segmentIds: TensorLike, first: number | SegmentOptions): Tensor => {
    const { numSegments } = leading<Partial<SegmentOptions>>('numSegments', first, undefined);
    if (numSegments === undefined || !Number.isInteger(numSegments) || numSegments < 0) {
      throw new CeratopsError('INVALID_ARGUMENT', 'the number of segments has to be known before the ids are', {
        expected: 'numSegments, a whole number',
        received: show(numSegments),
        remedy: 'give { numSegments: the largest id + 1 }; nothing is read to find it',
      });
    }
    const rows = asTensor(data);
    const ids = castTo(asTensor(segmentIds), 'int32');
    const shape = [numSegments, ...rows.shape.slice(1)];
    const empty = op === 'maximum' && isFloating(rows.dtype) ? Number.NEGATIVE_INFINITY : identityOf(op, rows.dtype);
    const initial = prim.broadcastTo(scalar(empty as number, rows.dtype), shape);
    return scatterRows(op, initial, prim.reshape(ids, [...ids.shape, 1]), rows);
  });
}

/** Sums of the rows that have the same id. */
export const segmentSum: Op<Segment> = /*#__PURE__*/ segment('SegmentSum', 'add');
/** Largest values of the rows that have the same id. */
export const segmentMax: Op<Segment> = /*#__PURE__*/ segment('SegmentMax', 'maximum');
