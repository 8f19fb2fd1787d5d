import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { add, divideNoNan } from '../ops/common.js';
import { ClassMetric, type ClassOptions, type CountName } from './confusion-metric.js';

class RecallClass extends ClassMetric {
  protected override get counts(): { readonly [K in CountName]?: string } {
    return { truePositives: 'true_positives', falseNegatives: 'false_negatives' };
  }

  override get direction(): 'up' {
    return 'up';
  }

  override result(): Tensor {
    const { truePositives, falseNegatives } = this.state;
    return this.single(divideNoNan(truePositives!, add(truePositives!, falseNegatives!)));
  }
}

export interface Recall extends RecallClass {}

/** Of the positive labels, how many are found. */
export const Recall: Construct<
  [thresholds?: number | readonly number[] | ClassOptions, options?: ClassOptions],
  Recall
> = /*#__PURE__*/ define('Recall', RecallClass, { module: 'keras.metrics' });
