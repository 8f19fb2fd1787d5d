import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { add, divide } from '../ops/common.js';
import { Merge, type MergeConstructor } from './merge.js';

class AverageClass extends Merge {
  protected override merge(inputs: readonly Tensor[]): Tensor {
    return divide(
      inputs.reduce((sum, x) => add(sum, x)),
      inputs.length,
    );
  }
}

/** The mean of its inputs, element by element. */
export interface Average extends AverageClass {}

/** The mean of its inputs, element by element. */
export const Average: MergeConstructor<Average> = /*#__PURE__*/ define('Average', AverageClass, {
  module: 'keras.layers',
});
