import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { expandDims, logicalOr, multiply, where } from '../ops/common.js';
import { type MaskList, Merge, type MergeConstructor } from './merge.js';

class MultiplyClass extends Merge {
  /** Masked positions do not change the product; where all inputs are masked it is 0. */
  protected override merge(inputs: readonly Tensor[], masks: MaskList): Tensor {
    const visible = inputs.map((_, i) => (masks?.[i] === undefined ? undefined : expandDims(masks[i], -1)));
    const factors = inputs.map((x, i) => (visible[i] === undefined ? x : where(visible[i], x, 1)));
    const product = factors.reduce((result, x) => multiply(result, x));
    if (visible.some((mask) => mask === undefined)) return product;
    return where(
      (visible as Tensor[]).reduce((a, b) => logicalOr(a, b)),
      product,
      0,
    );
  }
}

/** The product of its inputs. */
export interface Multiply extends MultiplyClass {}

/** The product of its inputs. */
export const Multiply: MergeConstructor<Multiply> = /*#__PURE__*/ define('Multiply', MultiplyClass, {
  module: 'keras.layers',
});
