import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { add, divideNoNan } from '../ops/common.js';
import { ClassMetric, type ClassOptions, type CountName } from './confusion-metric.js';

class PrecisionClass extends ClassMetric {
  protected override get counts(): { readonly [K in CountName]?: string } {
    return { truePositives: 'true_positives', falsePositives: 'false_positives' };
  }

  override get direction(): 'up' {
    return 'up';
  }

  override result(): Tensor {
    const { truePositives, falsePositives } = this.state;
    return this.single(divideNoNan(truePositives!, add(truePositives!, falsePositives!)));
  }
}

export interface Precision extends PrecisionClass {}

/** Of the positive predictions, how many are right. */
export const Precision: Construct<
  [thresholds?: number | readonly number[] | ClassOptions, options?: ClassOptions],
  Precision
> = /*#__PURE__*/ define('Precision', PrecisionClass, { module: 'keras.metrics' });
