import { define } from '../engine/define.js';
import { maximum } from '../ops/common.js';
import type { Binary } from '../ops/support.js';
import type { MergeConstructor } from './merge.js';
import { Extreme } from './merge-extreme.js';

class MaximumClass extends Extreme {
  protected override get op(): Binary {
    return maximum;
  }
}

/** The largest of its inputs, element by element. */
export interface Maximum extends MaximumClass {}

/** The largest of its inputs, element by element. */
export const Maximum: MergeConstructor<Maximum> = /*#__PURE__*/ define('Maximum', MaximumClass, {
  module: 'keras.layers',
});
