import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionLoss, type LossArguments } from '../training/parts.js';
import { klDivergence } from './regression-functions.js';

class KLDivergenceClass extends FunctionLoss {
  protected override get defaultName(): string {
    return 'kl_divergence';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return klDivergence(yTrue, yPred);
  }
}

export interface KLDivergence extends KLDivergenceClass {}

/** How far a predicted distribution is from the true one: Σ t · log(t / p). */
export const KLDivergence: Construct<LossArguments, KLDivergence> = /*#__PURE__*/ define(
  'KLDivergence',
  KLDivergenceClass,
  { module: 'keras.losses' },
);
