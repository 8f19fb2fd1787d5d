import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionLoss, type LossArguments } from '../training/parts.js';
import { poisson } from './regression-functions.js';

class PoissonClass extends FunctionLoss {
  protected override get defaultName(): string {
    return 'poisson';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return poisson(yTrue, yPred);
  }
}

export interface Poisson extends PoissonClass {}

/** The mean of prediction - truth · log(prediction). */
export const Poisson: Construct<LossArguments, Poisson> = /*#__PURE__*/ define('Poisson', PoissonClass, {
  module: 'keras.losses',
});
