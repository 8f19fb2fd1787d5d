/** Variance and weighted means over axes: var, std, moments, average. */

import { asTensor, promote, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import { dtypes } from '@ceratops/kernel-registry';
import { keepAxes, meanOver, type Reduce, reduction } from './reductions.js';
import { type Axis, castTo, declare, defineOp, leading, normalizeAxes, type Op, toFloat } from './support.js';

/** Biased variance around the mean. */
export function varianceOver(x: Tensor, axes: readonly number[]): Tensor {
  const value = toFloat(x);
  const wide = dtypes[value.dtype].bits < 32 ? castTo(value, 'float32') : value;
  const center = keepAxes(meanOver(wide, axes), x.shape, axes, true);
  const difference = prim.subtract(wide, prim.broadcastTo(center, x.shape));
  return castTo(meanOver(prim.multiply(difference, difference), axes), value.dtype);
}

const variance: Op<Reduce> = /*#__PURE__*/ reduction('Var', varianceOver);

/** Biased variance over axes. */
export { variance as var };
/** Biased standard deviation over axes. */
export const std: Op<Reduce> = /*#__PURE__*/ reduction('Std', (x, axes) => prim.sqrt(varianceOver(x, axes)));
export interface AverageOptions {
  readonly axis?: number | undefined;
  /** As long as the axis, or of x's shape. */
  readonly weights?: TensorLike | undefined;
}

/** Mean weighted by `weights`. */
export const average: Op<(x: TensorLike, axis?: number | AverageOptions, options?: AverageOptions) => Tensor> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Average', 1, 'numpy', ['axis', 'weights'], { keywords: ['weights'] }),
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

export interface MomentsOptions {
  readonly keepdims?: boolean | undefined;
}

/** [mean, biased variance] over axes. */
export const moments: Op<(x: TensorLike, axes: Axis, options?: MomentsOptions) => [Tensor, Tensor]> =
  /*#__PURE__*/ defineOp(
    /*#__PURE__*/ declare('Moments', 1, 'nn', ['axes', 'keepdims'], {
      defaults: { keepdims: false, synchronized: false },
    }),
    (x: TensorLike, axis: Axis, options: MomentsOptions = {}): [Tensor, Tensor] => {
      const { axes: given, keepdims } = leading<MomentsOptions & { axes?: Axis }>('axes', axis, options);
      const value = asTensor(x);
      const axes = normalizeAxes(given, value.shape.length, 'moments');
      const both = [meanOver(value, axes), varianceOver(value, axes)] as const;
      return [keepAxes(both[0], value.shape, axes, keepdims), keepAxes(both[1], value.shape, axes, keepdims)];
    },
  );
