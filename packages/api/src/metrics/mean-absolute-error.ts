import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { meanAbsoluteError } from '../losses/regression-functions.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';

class MeanAbsoluteErrorClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'mean_absolute_error';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanAbsoluteError(yTrue, yPred);
  }
}

export interface MeanAbsoluteError extends MeanAbsoluteErrorClass {}

/** The mean of `losses.MeanAbsoluteError` over all samples seen. */
export const MeanAbsoluteError: Construct<MetricArguments, MeanAbsoluteError> = /*#__PURE__*/ define(
  'MeanAbsoluteError',
  MeanAbsoluteErrorClass,
  { module: 'keras.metrics' },
);
