import { define } from '../engine/define.js';
import { minimum } from '../ops/common.js';
import type { Binary } from '../ops/support.js';
import type { MergeConstructor } from './merge.js';
import { Extreme } from './merge-extreme.js';

class MinimumClass extends Extreme {
  protected override get op(): Binary {
    return minimum;
  }
}

/** The smallest of its inputs, element by element. */
export interface Minimum extends MinimumClass {}

/** The smallest of its inputs, element by element. */
export const Minimum: MergeConstructor<Minimum> = /*#__PURE__*/ define('Minimum', MinimumClass, {
  module: 'keras.layers',
});
