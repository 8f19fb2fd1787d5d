import type { Tensor, TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { truth } from './logic.js';
import { keepAxes, type ReduceOptions } from './reductions.js';
import { castTo, declare, defineOp, invalid, leading, literal, normalizeAxes, type Op, toFloat } from './support.js';

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
    /*#__PURE__*/ declare('Norm', 1, 'linalg', ['ord', 'axis', 'keepdims'], { defaults: { keepdims: false } }),
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
