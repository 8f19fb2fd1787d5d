import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';
import { accuracy } from './accuracy-functions.js';

class AccuracyClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'accuracy';
  }

  override get direction(): 'up' {
    return 'up';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return accuracy(yTrue, yPred);
  }
}

export interface Accuracy extends AccuracyClass {}

/** How often prediction and truth are the same number. */
export const Accuracy: Construct<MetricArguments, Accuracy> = /*#__PURE__*/ define('Accuracy', AccuracyClass, {
  module: 'keras.metrics',
});
