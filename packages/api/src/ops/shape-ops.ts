/** Ops that only re-index: reshape, transpose, squeeze, broadcast. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import {
  type Axis,
  declare,
  defineOp,
  leading,
  normalizeAxes,
  normalizeAxis,
  type Op,
  shapeError,
  type Unary,
  unary,
} from './support.js';

/** Fills in the one -1 of a target shape. */
export function resolveShape(target: readonly number[], size: number, subject: string): number[] {
  const known = target.reduce((product, dimension) => (dimension === -1 ? product : product * dimension), 1);
  const unknown = target.filter((dimension) => dimension === -1).length;
  const fits = unknown === 0 ? known === size : unknown === 1 && known > 0 && size % known === 0;
  if (!fits) throw shapeError(subject, 'the sizes do not agree', `${size} elements`, `shape [${target.join(', ')}]`);
  return target.map((dimension) => (dimension === -1 ? size / known : dimension));
}

export interface NewShapeOptions {
  readonly newshape?: readonly number[] | undefined;
}

/** The same elements in another shape; one size may be -1. */
export const reshape: Op<(x: TensorLike, newshape: readonly number[] | NewShapeOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Reshape', 1, 'numpy', ['newshape']),
    (x: TensorLike, shape: readonly number[] | NewShapeOptions): Tensor => {
      const { newshape = [] } = leading<NewShapeOptions>('newshape', shape, undefined);
      const value = asTensor(x);
      return prim.reshape(value, resolveShape(newshape, value.size, 'reshape'));
    },
  );

/** All elements in one axis. */
export const ravel: Op<Unary> = /*#__PURE__*/ unary('Ravel', (x) => prim.reshape(x, [x.size]));

export interface TransposeOptions {
  readonly axes?: readonly number[] | null | undefined;
}

/** Axes permuted, or reversed when no permutation is given. */
export const transpose: Op<(x: TensorLike, axes?: readonly number[] | null | TransposeOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Transpose', 1, 'numpy', ['axes']),
    (x: TensorLike, first?: readonly number[] | null | TransposeOptions): Tensor => {
      const { axes } = leading<TransposeOptions>('axes', first, undefined);
      const value = asTensor(x);
      const { length: rank } = value.shape;
      const permutation = axes ?? value.shape.map((_, i) => rank - 1 - i);
      return prim.transpose(
        value,
        permutation.map((axis) => normalizeAxis(axis, rank, 'transpose')),
      );
    },
  );

export interface TwoAxes {
  readonly axis1?: number | undefined;
  readonly axis2?: number | undefined;
}

/** Two axes exchanged. */
export const swapaxes: Op<(x: TensorLike, axis1: number | TwoAxes, axis2?: number) => Tensor> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Swapaxes', 1, 'numpy', ['axis1', 'axis2']),
  (x: TensorLike, first: number | TwoAxes, second?: number): Tensor => {
    const { axis1 = 0, axis2 = 0 } = leading<TwoAxes>('axis1', first, { axis2: second });
    const value = asTensor(x);
    const [a, b] = [axis1, axis2].map((axis) => normalizeAxis(axis, value.shape.length, 'swapaxes'));
    const permutation = value.shape.map((_, i) => (i === a ? b! : i === b ? a! : i));
    return prim.transpose(value, permutation);
  },
);

export interface MoveOptions {
  readonly source?: number | readonly number[] | undefined;
  readonly destination?: number | readonly number[] | undefined;
}

/** Axes moved to other positions; the others keep their order. */
export const moveaxis: Op<
  (x: TensorLike, source: number | readonly number[] | MoveOptions, destination?: number | readonly number[]) => Tensor
> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Moveaxis', 1, 'numpy', ['source', 'destination']),
  (x: TensorLike, first: number | readonly number[] | MoveOptions, second?: number | readonly number[]): Tensor => {
    const { source = 0, destination = 0 } = leading<MoveOptions>('source', first, { destination: second });
    const value = asTensor(x);
    const rank = value.shape.length;
    const from = [source].flat().map((axis) => normalizeAxis(axis, rank, 'moveaxis'));
    const to = [destination].flat().map((axis) => normalizeAxis(axis, rank, 'moveaxis'));
    const permutation = value.shape.map((_, i) => i).filter((axis) => !from.includes(axis));
    const moves = to.map((target, i) => [target, from[i]!] as const).sort((a, b) => a[0] - b[0]);
    for (const [target, axis] of moves) permutation.splice(target, 0, axis);
    return prim.transpose(value, permutation);
  },
);

export interface AxisOptions {
  readonly axis?: Axis | undefined;
}

/** Axes of size 1 removed: all of them, or the given ones. */
export const squeeze: Op<(x: TensorLike, axis?: Axis | AxisOptions) => Tensor> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Squeeze', 1, 'numpy', ['axis']),
  (x: TensorLike, first?: Axis | AxisOptions): Tensor => {
    const { axis } = leading<AxisOptions>('axis', first, undefined);
    const value = asTensor(x);
    const { shape } = value;
    const axes =
      axis === undefined || axis === null
        ? shape.flatMap((size, i) => (size === 1 ? [i] : []))
        : normalizeAxes(axis, shape.length, 'squeeze');
    const wide = axes.find((i) => shape[i] !== 1);
    if (wide !== undefined)
      throw shapeError('squeeze', `axis ${wide} cannot go`, 'size 1', `shape [${shape.join(', ')}]`);
    return prim.reshape(
      value,
      shape.filter((_, i) => !axes.includes(i)),
    );
  },
);

/** New axes of size 1 at the given positions of the result. */
export const expandDims: Op<(x: TensorLike, axis: number | readonly number[] | AxisOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('ExpandDims', 1, 'numpy', ['axis']),
    (x: TensorLike, first: number | readonly number[] | AxisOptions): Tensor => {
      const { axis } = leading<AxisOptions>('axis', first, undefined);
      const value = asTensor(x);
      const count = typeof axis === 'number' ? 1 : (axis?.length ?? 0);
      const axes = normalizeAxes(axis ?? [], value.shape.length + count, 'expandDims');
      const shape = [...value.shape];
      for (const position of axes) shape.splice(position, 0, 1);
      return prim.reshape(value, shape);
    },
  );

export interface ShapeOptions {
  readonly shape?: readonly number[] | undefined;
}

/** Repeated along axes of size 1 and new leading axes until it has the shape. */
export const broadcastTo: Op<(x: TensorLike, shape: readonly number[] | ShapeOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('BroadcastTo', 1, 'numpy', ['shape']),
    (x: TensorLike, first: readonly number[] | ShapeOptions): Tensor => {
      return prim.broadcastTo(asTensor(x), leading<ShapeOptions>('shape', first, undefined).shape ?? []);
    },
  );
