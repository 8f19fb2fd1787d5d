/** Diagonals and triangles of matrices (the last two axes). */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { ComparisonDirection, Shape } from '@ceratops/kernel-registry';
import { sumOver } from './reductions.js';
import { declare, defineOp, leading, literal, normalizeAxis, type Op, shapeError } from './support.js';

export interface DiagonalOptions {
  /** Which diagonal: 0 the main one, positive above it. */
  readonly k?: number | undefined;
}

/** Compares column - row with k, over the last two axes of a shape. */
function band(shape: Shape, k: number, direction: ComparisonDirection): Tensor {
  const rank = shape.length;
  if (rank < 2) throw shapeError('diagonal', 'no matrix', 'rank 2 or more', `rank ${rank}`);
  const type = { dtype: 'int32', shape } as const;
  const offset = prim.subtract(prim.iota(type, rank - 1), prim.iota(type, rank - 2));
  return prim.compare(offset, literal(offset, k), direction);
}

type Triangle = (x: TensorLike, k?: number | DiagonalOptions) => Tensor;

function triangle(className: string, direction: ComparisonDirection): Op<Triangle> {
  return defineOp(
    declare(className, 1, 'numpy', ['k'], { defaults: { k: 0 } }),
    (x: TensorLike, first?: number | DiagonalOptions): Tensor => {
      const { k = 0 } = leading<DiagonalOptions>('k', first, undefined);
      const value = asTensor(x);
      return prim.select(band(value.shape, k, direction), value, literal(value, 0));
    },
  );
}

/** Zeros above the k-th diagonal. */
export const tril: Op<Triangle> = /*#__PURE__*/ triangle('Tril', 'LE');
/** Zeros below the k-th diagonal. */
export const triu: Op<Triangle> = /*#__PURE__*/ triangle('Triu', 'GE');

/** Entries of the k-th diagonal of a matrix, along a new last axis. */
function diagonalOf(x: Tensor, k: number): Tensor {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const [top, left] = [Math.max(0, -k), Math.max(0, k)];
  const length = Math.max(0, Math.min(rows - top, columns - left));
  const start = [...x.shape.slice(0, -2).map(() => 0), top, left];
  const square = prim.slice(x, start, [...x.shape.slice(0, -2), top + length, left + length]);
  return sumOver(prim.select(band(square.shape, 0, 'EQ'), square, literal(square, 0)), [x.shape.length - 2]);
}

export interface DiagonalAxes {
  readonly offset?: number | undefined;
  readonly axis1?: number | undefined;
  readonly axis2?: number | undefined;
}

function onMatrices(x: Tensor, axis1: number, axis2: number): Tensor {
  const { length: rank } = x.shape;
  const pair = [axis1, axis2].map((axis) => normalizeAxis(axis, rank, 'diagonal'));
  const rest = x.shape.map((_, i) => i).filter((i) => !pair.includes(i));
  return prim.transpose(x, [...rest, ...pair]);
}

export type Diagonal = (x: TensorLike, offset?: number | DiagonalAxes, options?: DiagonalAxes) => Tensor;

/** A diagonal of each matrix. */
export const diagonal: Op<Diagonal> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Diagonal', 1, 'numpy', ['offset', 'axis1', 'axis2'], {
    defaults: { offset: 0, axis1: 0, axis2: 1 },
  }),
  (x: TensorLike, first?: number | DiagonalAxes, options?: DiagonalAxes): Tensor => {
    const { offset = 0, axis1 = 0, axis2 = 1 } = leading<DiagonalAxes>('offset', first, options);
    return diagonalOf(onMatrices(asTensor(x), axis1, axis2), offset);
  },
);

/** The sum of a diagonal of each matrix. */
export const trace: Op<Diagonal> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Trace', 1, 'numpy', ['offset', 'axis1', 'axis2'], {
    defaults: { offset: 0, axis1: 0, axis2: 1 },
  }),
  (x: TensorLike, first?: number | DiagonalAxes, options?: DiagonalAxes): Tensor => {
    const { offset = 0, axis1 = 0, axis2 = 1 } = leading<DiagonalAxes>('offset', first, options);
    const line = diagonalOf(onMatrices(asTensor(x), axis1, axis2), offset);
    return sumOver(line, [line.shape.length - 1]);
  },
);

/** A matrix with the vector on its k-th diagonal; or the k-th diagonal of a matrix. */
export const diag: Op<Triangle> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Diag', 1, 'numpy', ['k'], { defaults: { k: 0 } }),
  (x: TensorLike, first?: number | DiagonalOptions): Tensor => {
    const { k = 0 } = leading<DiagonalOptions>('k', first, undefined);
    const value = asTensor(x);
    if (value.shape.length !== 1) return diagonalOf(value, k);
    const size = value.shape[0]! + Math.abs(k);
    const padded = prim.pad(value, prim.scalar(0, value.dtype), [Math.max(0, k)], [Math.max(0, -k)]);
    const spread = prim.broadcastInDim(padded, [size, size], [1]);
    return prim.select(band(spread.shape, k, 'EQ'), spread, literal(spread, 0));
  },
);
