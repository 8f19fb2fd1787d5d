import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { bool, float, int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { FunctionLoss, type LossOptions } from '../training/parts.js';
import { categoricalCrossentropy, type CrossentropyOptions as FunctionOptions } from './crossentropy-functions.js';

export interface CategoricalCrossentropyOptions extends LossOptions, FunctionOptions {}

interface CategoricalCrossentropySettings {
  fromLogits: boolean;
  labelSmoothing: number;
  axis: number;
}

class CategoricalCrossentropyClass extends FunctionLoss {
  declare readonly fromLogits: boolean;
  declare readonly labelSmoothing: number;
  declare readonly axis: number;
  static override table(): Table<CategoricalCrossentropySettings> {
    return {
      fromLogits: bool('from_logits', false),
      labelSmoothing: float('label_smoothing', 0, { min: 0, max: 1 }),
      axis: int('axis', -1),
    };
  }

  protected override get defaultName(): string {
    return 'categorical_crossentropy';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalCrossentropy(yTrue, yPred, this);
  }
}

export interface CategoricalCrossentropy extends CategoricalCrossentropyClass {}

/** Crossentropy of one-hot labels. */
export const CategoricalCrossentropy: Construct<
  [fromLogits?: boolean | CategoricalCrossentropyOptions, options?: CategoricalCrossentropyOptions],
  CategoricalCrossentropy
> = /*#__PURE__*/ define('CategoricalCrossentropy', CategoricalCrossentropyClass, { module: 'keras.losses' });
