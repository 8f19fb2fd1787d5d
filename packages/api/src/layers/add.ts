import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { add } from '../ops/common.js';
import { Merge, type MergeConstructor } from './merge.js';

class AddClass extends Merge {
  protected override merge(inputs: readonly Tensor[]): Tensor {
    return inputs.reduce((sum, x) => add(sum, x));
  }
}

/** The sum of its inputs. */
export interface Add extends AddClass {}

/** The sum of its inputs. */
export const Add: MergeConstructor<Add> = /*#__PURE__*/ define('Add', AddClass, { module: 'keras.layers' });
