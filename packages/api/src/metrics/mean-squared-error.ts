import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { meanSquaredError } from '../losses/regression-functions.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';

class MeanSquaredErrorClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'mean_squared_error';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanSquaredError(yTrue, yPred);
  }
}

export interface MeanSquaredError extends MeanSquaredErrorClass {}

/** The mean of `losses.MeanSquaredError` over all samples seen. */
export const MeanSquaredError: Construct<MetricArguments, MeanSquaredError> = /*#__PURE__*/ define(
  'MeanSquaredError',
  MeanSquaredErrorClass,
  { module: 'keras.metrics' },
);
