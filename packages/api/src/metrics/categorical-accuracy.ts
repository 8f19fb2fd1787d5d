import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';
import { categoricalAccuracy } from './accuracy-functions.js';

class CategoricalAccuracyClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'categorical_accuracy';
  }

  override get direction(): 'up' {
    return 'up';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalAccuracy(yTrue, yPred);
  }
}

export interface CategoricalAccuracy extends CategoricalAccuracyClass {}

/** How often the largest probability is at the one of a one-hot label. */
export const CategoricalAccuracy: Construct<MetricArguments, CategoricalAccuracy> = /*#__PURE__*/ define(
  'CategoricalAccuracy',
  CategoricalAccuracyClass,
  { module: 'keras.metrics' },
);
