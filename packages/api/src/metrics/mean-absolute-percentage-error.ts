import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { meanAbsolutePercentageError } from '../losses/regression-functions.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';

class MeanAbsolutePercentageErrorClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'mean_absolute_percentage_error';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanAbsolutePercentageError(yTrue, yPred);
  }
}

export interface MeanAbsolutePercentageError extends MeanAbsolutePercentageErrorClass {}

/** The mean of `losses.MeanAbsolutePercentageError` over all samples seen. */
export const MeanAbsolutePercentageError: Construct<MetricArguments, MeanAbsolutePercentageError> =
  /*#__PURE__*/ define('MeanAbsolutePercentageError', MeanAbsolutePercentageErrorClass, { module: 'keras.metrics' });
