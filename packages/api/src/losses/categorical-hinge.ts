import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { FunctionLoss, type LossArguments } from '../training/parts.js';
import { categoricalHinge } from './hinge-functions.js';

class CategoricalHingeClass extends FunctionLoss {
  protected override get defaultName(): string {
    return 'categorical_hinge';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalHinge(yTrue, yPred);
  }
}

export interface CategoricalHinge extends CategoricalHingeClass {}

/** max(best wrong score - right score + 1, 0), for one-hot labels. */
export const CategoricalHinge: Construct<LossArguments, CategoricalHinge> = /*#__PURE__*/ define(
  'CategoricalHinge',
  CategoricalHingeClass,
  { module: 'keras.losses' },
);
