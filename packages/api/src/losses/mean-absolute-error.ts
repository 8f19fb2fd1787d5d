import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionLoss, type LossArguments } from '../training/parts.js';
import { meanAbsoluteError } from './regression-functions.js';

class MeanAbsoluteErrorClass extends FunctionLoss {
  protected override get defaultName(): string {
    return 'mean_absolute_error';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanAbsoluteError(yTrue, yPred);
  }
}

export interface MeanAbsoluteError extends MeanAbsoluteErrorClass {}

/** The mean of absolute errors. */
export const MeanAbsoluteError: Construct<LossArguments, MeanAbsoluteError> = /*#__PURE__*/ define(
  'MeanAbsoluteError',
  MeanAbsoluteErrorClass,
  { module: 'keras.losses' },
);
