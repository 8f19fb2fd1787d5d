import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionLoss, type LossArguments } from '../training/parts.js';
import { meanSquaredLogarithmicError } from './regression-functions.js';

class MeanSquaredLogarithmicErrorClass extends FunctionLoss {
  protected override get defaultName(): string {
    return 'mean_squared_logarithmic_error';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanSquaredLogarithmicError(yTrue, yPred);
  }
}

export interface MeanSquaredLogarithmicError extends MeanSquaredLogarithmicErrorClass {}

/** The mean of squared differences of log(1 + x). */
export const MeanSquaredLogarithmicError: Construct<LossArguments, MeanSquaredLogarithmicError> = /*#__PURE__*/ define(
  'MeanSquaredLogarithmicError',
  MeanSquaredLogarithmicErrorClass,
  { module: 'keras.losses' },
);
