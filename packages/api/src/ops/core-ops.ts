/** Conversions and the ops of `keras.ops` that are about tensors rather than numbers. */

import { asTensor, stopGradient as stop, type Tensor, type TensorLike } from '@ceratops/core';
import * as prim from '@ceratops/core/primitives';
import type { DType, Shape } from '@ceratops/kernel-registry';
import { castTo, declare, defineOp, leading, literal, type Op, type Unary, unary } from './support.js';

export interface CastOptions {
  readonly dtype?: DType | undefined;
}

/** The values in another dtype. To bool: everything but 0 is true. */
export const cast: Op<(x: TensorLike, dtype: DType | CastOptions) => Tensor> = /*#__PURE__*/ defineOp(
  /*#__PURE__*/ declare('Cast', 1, 'core', ['dtype']),
  (x: TensorLike, first: DType | CastOptions): Tensor => {
    const value = asTensor(x);
    const { dtype = value.dtype } = leading<CastOptions>('dtype', first, undefined);
    if (dtype === 'bool' && value.dtype !== 'bool') return prim.compare(value, literal(value, 0), 'NE');
    return castTo(value, dtype);
  },
);

/** A tensor of anything that can become one. */
export function convertToTensor(x: TensorLike, dtype?: DType | CastOptions): Tensor {
  const { dtype: wanted } = leading<CastOptions>('dtype', dtype, undefined);
  return wanted === undefined ? asTensor(x) : castTo(asTensor(x, wanted), wanted);
}

/** x, through which no gradient flows. */
export const stopGradient: Op<Unary> = /*#__PURE__*/ unary('StopGradient', (x) => stop(x), 'core');

/** The static shape. */
export function shape(x: TensorLike): Shape {
  return asTensor(x).shape;
}

/** The number of axes. */
export function ndim(x: TensorLike): number {
  return asTensor(x).shape.length;
}

/** The number of elements. */
export function size(x: TensorLike): number {
  return asTensor(x).size;
}
