import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { floats } from '../engine/list-rows.js';
import { bool, float, int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { FunctionLoss, type LossOptions } from '../training/parts.js';
import { categoricalFocalCrossentropy, type FocalOptions as FunctionOptions } from './crossentropy-functions.js';

export interface CategoricalFocalCrossentropyOptions extends LossOptions, FunctionOptions {}

interface CategoricalFocalCrossentropySettings {
  alpha: number | readonly number[];
  gamma: number;
  fromLogits: boolean;
  labelSmoothing: number;
  axis: number;
}

class CategoricalFocalCrossentropyClass extends FunctionLoss {
  declare readonly alpha: number | readonly number[];
  declare readonly gamma: number;
  declare readonly fromLogits: boolean;
  declare readonly labelSmoothing: number;
  declare readonly axis: number;
  static override table(): Table<CategoricalFocalCrossentropySettings> {
    return {
      alpha: floats('alpha', 0.25),
      gamma: float('gamma', 2),
      fromLogits: bool('from_logits', false),
      labelSmoothing: float('label_smoothing', 0, { min: 0, max: 1 }),
      axis: int('axis', -1),
    };
  }

  protected override get defaultName(): string {
    return 'categorical_focal_crossentropy';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalFocalCrossentropy(yTrue, yPred, this);
  }
}

export interface CategoricalFocalCrossentropy extends CategoricalFocalCrossentropyClass {}

/** Categorical crossentropy that discounts easy samples. */
export const CategoricalFocalCrossentropy: Construct<
  [
    alpha?: number | readonly number[] | CategoricalFocalCrossentropyOptions,
    options?: CategoricalFocalCrossentropyOptions,
  ],
  CategoricalFocalCrossentropy
> = /*#__PURE__*/ define('CategoricalFocalCrossentropy', CategoricalFocalCrossentropyClass, { module: 'keras.losses' });
