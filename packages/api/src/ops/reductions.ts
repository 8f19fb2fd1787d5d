/** Reductions over axes: sum, mean, extremes, moments, norms. */

import { asTensor, promote, stopGradient, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { type DType, dtypes } from '@ceratops/kernel-registry';
import { truth } from './logic.js';
import {
  type Axis,
  castTo,
  declare,
  defineOp,
  invalid,
  leading,
  literal,
  normalizeAxes,
  type Op,
  toFloat,
} from './support.js';

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

function reduction(
  className: string,
  fn: (x: Tensor, axes: readonly number[]) => Tensor,
  module = 'numpy',
): Op<Reduce> {
  const declaration = declare(className, 1, module, ['axis', 'keepdims']);
  return defineOp(declaration, (x: TensorLike, first?: Axis | ReduceOptions, options?: ReduceOptions): Tensor => {
    const { axis, keepdims } = leading<ReduceOptions>('axis', first, options);
    const value = asTensor(x);
    const axes = normalizeAxes(axis, value.shape.length, className.toLowerCase());
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

/** Biased variance around the mean. */
export function varianceOver(x: Tensor, axes: readonly number[]): Tensor {
  const value = toFloat(x);
  const wide = dtypes[value.dtype].bits < 32 ? castTo(value, 'float32') : value;
  const center = keepAxes(meanOver(wide, axes), x.shape, axes, true);
  const difference = prim.subtract(wide, prim.broadcastTo(center, x.shape));
  return castTo(meanOver(prim.multiply(difference, difference), axes), value.dtype);
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
export const max: Op<Reduce> = /*#__PURE__*/ reduction('Max', (x, axes) => {
  return x.dtype === 'bool' ? prim.reduceOr(x, axes) : prim.reduceMax(x, axes);
});
export const min: Op<Reduce> = /*#__PURE__*/ reduction('Min', (x, axes) => {
  return x.dtype === 'bool' ? prim.reduceAnd(x, axes) : prim.reduceMin(x, axes);
});
export const prod: Op<Reduce> = /*#__PURE__*/ reduction('Prod', (x, axes) =>
  prim.reduceProd(castTo(x, accumulatorOf(x.dtype)), axes),
);
const variance: Op<Reduce> = /*#__PURE__*/ reduction('Var', varianceOver);

/** Biased variance over axes. */
export { variance as var };
/** Biased standard deviation over axes. */
export const std: Op<Reduce> = /*#__PURE__*/ reduction('Std', (x, axes) => prim.sqrt(varianceOver(x, axes)));
/** True where any element is not zero. */
export const any: Op<Reduce> = /*#__PURE__*/ reduction('Any', (x, axes) => prim.reduceOr(truth(x), axes));
/** True where no element is zero. */
export const all: Op<Reduce> = /*#__PURE__*/ reduction('All', (x, axes) => prim.reduceAnd(truth(x), axes));
export const countNonzero: Op<Reduce> = /*#__PURE__*/ reduction('CountNonzero', (x, axes) => {
  return prim.reduceSum(prim.convert(truth(x), 'int32'), axes);
});
/** log Σ eˣ over axes. */
export const logsumexp: Op<Reduce> = /*#__PURE__*/ reduction(
  'Logsumexp',
  (x, axes) => logsumexpOver(toFloat(x), axes),
  'math',
);

export interface AverageOptions {
  readonly axis?: number | undefined;
  /** As long as the axis, or of x's shape. */
  readonly weights?: TensorLike | undefined;
}

/** Mean weighted by `weights`. */
export const average: Op<(x: TensorLike, axis?: number | AverageOptions, options?: AverageOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Average', 1, 'numpy', ['axis', 'weights']),
    (x: TensorLike, first?: number | AverageOptions, options?: AverageOptions): Tensor => {
      const { axis, weights } = leading<AverageOptions>('axis', first, options);
      const value = toFloat(x);
      const axes = normalizeAxes(axis, value.shape.length, 'average');
      if (weights === undefined) return meanOver(value, axes);
      const given = toFloat(weights);
      const along = value.shape.map((size, i) => (i === axes[0] ? size : 1));
      const factors = given.shape.length === value.shape.length ? given : prim.reshape(given, along);
      const [a, b] = promote(value, factors) as [Tensor, Tensor];
      return prim.divide(prim.reduceSum(prim.multiply(a, b), axes), prim.reduceSum(b, axes));
    },
  );

export interface NormOptions extends ReduceOptions {
  /** A number, Infinity, or `'fro'`; the 2-norm unless given. */
  readonly ord?: number | 'fro' | 'euclidean' | null | undefined;
}

function vectorNorm(x: Tensor, ord: number, axes: readonly number[]): Tensor {
  if (ord === Number.POSITIVE_INFINITY) return prim.reduceMax(prim.abs(x), axes);
  if (ord === Number.NEGATIVE_INFINITY) return prim.reduceMin(prim.abs(x), axes);
  if (ord === 0) return prim.reduceSum(castTo(truth(x), x.dtype), axes);
  if (ord === 1) return prim.reduceSum(prim.abs(x), axes);
  if (ord === 2) return prim.sqrt(prim.reduceSum(prim.multiply(x, x), axes));
  const total = prim.reduceSum(prim.power(prim.abs(x), literal(x, ord)), axes);
  return prim.power(total, literal(total, 1 / ord));
}

/** Vector norm over one axis (or all elements), Frobenius norm over two. */
export const norm: Op<(x: TensorLike, ord?: NormOptions['ord'] | NormOptions, options?: NormOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Norm', 1, 'linalg', ['ord', 'axis', 'keepdims']),
    (x: TensorLike, first?: NormOptions['ord'] | NormOptions, options?: NormOptions): Tensor => {
      const { ord, axis, keepdims } = leading<NormOptions>('ord', first, options);
      const value = toFloat(x);
      const axes = normalizeAxes(axis, value.shape.length, 'norm');
      if (typeof ord === 'number' && axes.length > 1) {
        throw invalid(
          'norm',
          'no matrix norm of this order',
          "'fro', or one axis",
          `ord ${ord} over ${axes.length} axes`,
        );
      }
      return keepAxes(vectorNorm(value, typeof ord === 'number' ? ord : 2, axes), value.shape, axes, keepdims);
    },
  );

export interface MomentsOptions {
  readonly keepdims?: boolean | undefined;
}

/** [mean, biased variance] over axes. */
export const moments: Op<(x: TensorLike, axes: Axis, options?: MomentsOptions) => [Tensor, Tensor]> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Moments', 1, 'nn', ['axes', 'keepdims']),
    (x: TensorLike, axis: Axis, options: MomentsOptions = {}): [Tensor, Tensor] => {
      const { axes: given, keepdims } = leading<MomentsOptions & { axes?: Axis }>('axes', axis, options);
      const value = asTensor(x);
      const axes = normalizeAxes(given, value.shape.length, 'moments');
      const both = [meanOver(value, axes), varianceOver(value, axes)] as const;
      return [keepAxes(both[0], value.shape, axes, keepdims), keepAxes(both[1], value.shape, axes, keepdims)];
    },
  );

export interface ArgOptions {
  readonly axis?: number | null | undefined;
  readonly keepdims?: boolean | undefined;
}

export type ArgReduce = (x: TensorLike, axis?: number | null | ArgOptions, options?: ArgOptions) => Tensor;

function argReduction(className: string, fn: (x: Tensor, axis: number) => Tensor): Op<ArgReduce> {
  const declaration = declare(className, 1, 'numpy', ['axis', 'keepdims']);
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
