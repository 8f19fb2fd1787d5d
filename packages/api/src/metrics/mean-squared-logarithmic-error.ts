import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { meanSquaredLogarithmicError } from '../losses/regression-functions.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';

class MeanSquaredLogarithmicErrorClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'mean_squared_logarithmic_error';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanSquaredLogarithmicError(yTrue, yPred);
  }
}

export interface MeanSquaredLogarithmicError extends MeanSquaredLogarithmicErrorClass {}

/** The mean of `losses.MeanSquaredLogarithmicError` over all samples seen. */
export const MeanSquaredLogarithmicError: Construct<MetricArguments, MeanSquaredLogarithmicError> =
  /*#__PURE__*/ define('MeanSquaredLogarithmicError', MeanSquaredLogarithmicErrorClass, { module: 'keras.metrics' });
