import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionLoss, type LossArguments } from '../training/parts.js';
import { meanAbsolutePercentageError } from './regression-functions.js';

class MeanAbsolutePercentageErrorClass extends FunctionLoss {
  protected override get defaultName(): string {
    return 'mean_absolute_percentage_error';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanAbsolutePercentageError(yTrue, yPred);
  }
}

export interface MeanAbsolutePercentageError extends MeanAbsolutePercentageErrorClass {}

/** The mean of absolute errors in percent of the truth. */
export const MeanAbsolutePercentageError: Construct<LossArguments, MeanAbsolutePercentageError> = /*#__PURE__*/ define(
  'MeanAbsolutePercentageError',
  MeanAbsolutePercentageErrorClass,
  { module: 'keras.losses' },
);
