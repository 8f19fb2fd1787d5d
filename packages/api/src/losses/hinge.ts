import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionLoss, type LossArguments } from '../training/parts.js';
import { hinge } from './hinge-functions.js';

class HingeClass extends FunctionLoss {
  protected override get defaultName(): string {
    return 'hinge';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return hinge(yTrue, yPred);
  }
}

export interface Hinge extends HingeClass {}

/** The mean of max(1 - truth · prediction, 0); labels are -1 and 1, or 0 and 1. */
export const Hinge: Construct<LossArguments, Hinge> = /*#__PURE__*/ define('Hinge', HingeClass, {
  module: 'keras.losses',
});
