import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { subtract } from '../ops/common.js';
import { checkList, Merge, type MergeConstructor, mismatch } from './merge.js';

class SubtractClass extends Merge {
  override build(shapes: readonly SymbolicShape[]): void {
    checkList(`${this}`, shapes);
    if (shapes.length !== 2) throw mismatch(`${this}`, 'wrong number of inputs', shapes, '2 inputs');
    super.build(shapes);
  }

  protected override merge([a, b]: readonly Tensor[]): Tensor {
    return subtract(a!, b!);
  }
}

/** The first of two inputs without the second. */
export interface Subtract extends SubtractClass {}

/** The first of two inputs without the second. */
export const Subtract: MergeConstructor<Subtract> = /*#__PURE__*/ define('Subtract', SubtractClass, {
  module: 'keras.layers',
});
