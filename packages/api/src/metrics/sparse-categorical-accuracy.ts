import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import type { MetricOptions } from '../training/parts.js';
import { FunctionMetric } from '../training/parts.js';
import { sparseCategoricalAccuracy } from './accuracy-functions.js';

class SparseCategoricalAccuracyClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'sparse_categorical_accuracy';
  }

  override get direction(): 'up' {
    return 'up';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return sparseCategoricalAccuracy(yTrue, yPred);
  }
}

export interface SparseCategoricalAccuracy extends SparseCategoricalAccuracyClass {}

/** How often the largest probability is at the class number. */
export const SparseCategoricalAccuracy: Construct<[options?: MetricOptions], SparseCategoricalAccuracy> =
  /*#__PURE__*/ define('SparseCategoricalAccuracy', SparseCategoricalAccuracyClass, { module: 'keras.metrics' });
