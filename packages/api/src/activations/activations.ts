/** `keras.activations` where they differ from `keras.ops`: other defaults, other names. */

import type { Tensor, TensorLike } from '@ceratops/core';
import type { KerasTensor } from '../engine/keras-tensor.js';
import {
  clip,
  exp,
  gelu as geluOp,
  greater,
  leakyRelu,
  multiply,
  relu as reluOp,
  subtract,
  where,
} from '../ops/common.js';
import { leading, type Op, unary } from '../ops/support.js';

/** What a layer applies to its outputs. */
export interface Activation {
  (x: Tensor): Tensor;
  (x: KerasTensor): KerasTensor;
}

export interface ReluOptions {
  /** Slope below the threshold, 0 by default. */
  readonly negativeSlope?: number | undefined;
  /** The largest output; none by default. */
  readonly maxValue?: number | undefined;
  /** Up to it the output is `negativeSlope · (x - threshold)`; 0 by default. */
  readonly threshold?: number | undefined;
}

/** The rectified linear unit, with an optional slope, ceiling and threshold. */
export function relu(x: TensorLike, first?: number | ReluOptions, rest?: ReluOptions): Tensor {
  const { negativeSlope = 0, maxValue, threshold = 0 } = leading<ReluOptions>('negativeSlope', first, rest);
  if (negativeSlope !== 0 && threshold === 0 && maxValue === undefined) return leakyRelu(x, negativeSlope);
  const above = threshold === 0 ? reluOp(x) : where(greater(x, threshold), x, 0);
  const clipped = maxValue === undefined ? above : clip(above, 0, maxValue);
  if (negativeSlope === 0) return clipped;
  return subtract(clipped, multiply(reluOp(subtract(threshold, x)), negativeSlope));
}

/** x · Φ(x), by erf unless `approximate`. */
export function gelu(x: TensorLike, options: { readonly approximate?: boolean | undefined } = {}): Tensor {
  return geluOp(x, options.approximate ?? false);
}

/** eˣ. */
export const exponential: typeof exp = exp;

/** x itself. */
export const linear: Op<(x: TensorLike) => Tensor> = /*#__PURE__*/ unary('Identity', (x) => x, 'core');
