import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionLoss, type LossArguments } from '../training/parts.js';
import { squaredHinge } from './hinge-functions.js';

class SquaredHingeClass extends FunctionLoss {
  protected override get defaultName(): string {
    return 'squared_hinge';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return squaredHinge(yTrue, yPred);
  }
}

export interface SquaredHinge extends SquaredHingeClass {}

/** The mean of max(1 - truth · prediction, 0)². */
export const SquaredHinge: Construct<LossArguments, SquaredHinge> = /*#__PURE__*/ define(
  'SquaredHinge',
  SquaredHingeClass,
  { module: 'keras.losses' },
);
