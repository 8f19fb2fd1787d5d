import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionLoss, type LossArguments } from '../training/parts.js';
import { meanSquaredError } from './regression-functions.js';

class MeanSquaredErrorClass extends FunctionLoss {
  protected override get defaultName(): string {
    return 'mean_squared_error';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanSquaredError(yTrue, yPred);
  }
}

export interface MeanSquaredError extends MeanSquaredErrorClass {}

/** The mean of squared errors. */
export const MeanSquaredError: Construct<LossArguments, MeanSquaredError> = /*#__PURE__*/ define(
  'MeanSquaredError',
  MeanSquaredErrorClass,
  { module: 'keras.losses' },
);
