/** Reductions over axes: sum, mean, extremes and where they are. */

import { asTensor, stopGradient, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { type DType, dtypes } from '@ceratops/kernel-registry';
import type { OpDeclaration } from '../engine/operation.js';
import type { Config } from '../engine/table.js';
import { type Axis, castTo, declare, defineOp, leading, literal, normalizeAxes, type Op, toFloat } from './support.js';

export interface ReduceOptions {
  /** One axis, several, or all (null, the default). */
  readonly axis?: Axis | undefined;
  /** Keeps the reduced axes with size 1. */
  readonly keepdims?: boolean | undefined;
}

export type Reduce = (x: TensorLike, axis?: Axis | ReduceOptions, options?: ReduceOptions) => Tensor;

/** The reduced axes back with size 1, where asked for. */
export function keepAxes(
  reduced: Tensor,
  shape: readonly number[],
  axes: readonly number[],
  keepdims: boolean | undefined,
): Tensor {
  if (!keepdims) return reduced;
  return prim.reshape(
    reduced,
    shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );
}

/** A reduction as an op of its own. */
export function reduction(
  className: string,
  fn: (x: Tensor, axes: readonly number[]) => Tensor,
  module = 'numpy',
  defaults: Config = {},
): Op<Reduce> {
  const declaration = declare(className, 1, module, ['axis', 'keepdims'], {
    defaults: { keepdims: false, ...defaults },
  });
  return reduce(declaration, fn);
}

/** As `reduction`, of a declaration. */
export function reduce(declaration: OpDeclaration, fn: (x: Tensor, axes: readonly number[]) => Tensor): Op<Reduce> {
  return defineOp(declaration, (x: TensorLike, first?: Axis | ReduceOptions, options?: ReduceOptions): Tensor => {
    const { axis, keepdims } = leading<ReduceOptions>('axis', first, options);
    const value = asTensor(x);
    const axes = normalizeAxes(axis, value.shape.length, declaration.className.toLowerCase());
    return keepAxes(fn(value, axes), value.shape, axes, keepdims);
  });
}

/** Keras sums booleans and narrow integers in 32 bits. */
function accumulatorOf(dtype: DType): DType {
  const { kind, bits } = dtypes[dtype];
  if (kind === 'bool' || (kind === 'int' && bits < 32)) return 'int32';
  return kind === 'uint' && bits < 32 ? 'uint32' : dtype;
}

export function sumOver(x: Tensor, axes: readonly number[]): Tensor {
  return prim.reduceSum(castTo(x, accumulatorOf(x.dtype)), axes);
}

export function countOf(x: Tensor, axes: readonly number[]): number {
  return axes.reduce((count, axis) => count * x.shape[axis]!, 1);
}

/** Sixteen-bit floats are averaged in float32, as JAX does. */
export function meanOver(x: Tensor, axes: readonly number[]): Tensor {
  const value = toFloat(x);
  const wide = dtypes[value.dtype].bits < 32 ? castTo(value, 'float32') : value;
  const total = prim.reduceSum(wide, axes);
  return castTo(prim.divide(total, literal(total, countOf(x, axes))), value.dtype);
}

/** log Σ eˣ, shifted by the maximum. */
export function logsumexpOver(x: Tensor, axes: readonly number[]): Tensor {
  const peak = prim.reduceMax(x, axes);
  const finite = prim.select(prim.isFinite(peak), peak, literal(peak, 0));
  const shift = stopGradient(finite);
  const spread = prim.broadcastTo(keepAxes(shift, x.shape, axes, true), x.shape);
  return prim.add(prim.log(prim.reduceSum(prim.exponential(prim.subtract(x, spread)), axes)), shift);
}

/** Sum over axes. */
export const sum: Op<Reduce> = /*#__PURE__*/ reduction('Sum', sumOver);
/** Arithmetic mean over axes, a float. */
export const mean: Op<Reduce> = /*#__PURE__*/ reduction('Mean', meanOver);
export const max: Op<Reduce> = /*#__PURE__*/ reduction(
  'Max',
  (x, axes) => {
    return x.dtype === 'bool' ? prim.reduceOr(x, axes) : prim.reduceMax(x, axes);
  },
  'numpy',
  { initial: null },
);
export const min: Op<Reduce> = /*#__PURE__*/ reduction(
  'Min',
  (x, axes) => {
    return x.dtype === 'bool' ? prim.reduceAnd(x, axes) : prim.reduceMin(x, axes);
  },
  'numpy',
  { initial: null },
);
export const prod: Op<Reduce> = /*#__PURE__*/ reduction(
  'Prod',
  (x, axes) => prim.reduceProd(castTo(x, accumulatorOf(x.dtype)), axes),
  'numpy',
  { dtype: null },
);
/** log Σ eˣ over axes. */
export const logsumexp: Op<Reduce> = /*#__PURE__*/ reduction(
  'Logsumexp',
  (x, axes) => logsumexpOver(toFloat(x), axes),
  'math',
);

export interface ArgOptions {
  readonly axis?: number | null | undefined;
  readonly keepdims?: boolean | undefined;
}

export type ArgReduce = (x: TensorLike, axis?: number | null | ArgOptions, options?: ArgOptions) => Tensor;

function argReduction(className: string, fn: (x: Tensor, axis: number) => Tensor): Op<ArgReduce> {
  const declaration = declare(className, 1, 'numpy', ['axis', 'keepdims'], { defaults: { keepdims: false } });
  return defineOp(declaration, (x: TensorLike, first?: number | null | ArgOptions, options?: ArgOptions): Tensor => {
    const { axis, keepdims } = leading<ArgOptions>('axis', first, options);
    const value = asTensor(x);
    const { shape } = value;
    if (axis === null || axis === undefined) {
      const index = fn(prim.reshape(value, [value.size]), 0);
      return keepdims
        ? prim.reshape(
            index,
            shape.map(() => 1),
          )
        : index;
    }
    const axes = normalizeAxes(axis, shape.length, className.toLowerCase());
    return keepAxes(fn(value, axes[0]!), shape, axes, keepdims);
  });
}

/** Index of the first largest element, int32. */
export const argmax: Op<ArgReduce> = /*#__PURE__*/ argReduction('Argmax', (x, axis) => prim.argMax(x, axis, 'int32'));
/** Index of the first smallest element, int32. */
export const argmin: Op<ArgReduce> = /*#__PURE__*/ argReduction('Argmin', (x, axis) => prim.argMin(x, axis, 'int32'));
