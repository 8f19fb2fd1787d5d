import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { bool, float, int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { FunctionLoss, type LossOptions } from '../training/parts.js';
import { binaryCrossentropy, type CrossentropyOptions as FunctionOptions } from './crossentropy-functions.js';

export interface BinaryCrossentropyOptions extends LossOptions, FunctionOptions {}

interface BinaryCrossentropySettings {
  fromLogits: boolean;
  labelSmoothing: number;
  axis: number;
}

class BinaryCrossentropyClass extends FunctionLoss {
  declare readonly fromLogits: boolean;
  declare readonly labelSmoothing: number;
  declare readonly axis: number;
  static override table(): Table<BinaryCrossentropySettings> {
    return {
      fromLogits: bool('from_logits', false),
      labelSmoothing: float('label_smoothing', 0, { min: 0, max: 1 }),
      axis: int('axis', -1),
    };
  }

  protected override get defaultName(): string {
    return 'binary_crossentropy';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return binaryCrossentropy(yTrue, yPred, this);
  }
}

export interface BinaryCrossentropy extends BinaryCrossentropyClass {}

/** Crossentropy of yes-or-no labels. */
export const BinaryCrossentropy: Construct<
  [fromLogits?: boolean | BinaryCrossentropyOptions, options?: BinaryCrossentropyOptions],
  BinaryCrossentropy
> = /*#__PURE__*/ define('BinaryCrossentropy', BinaryCrossentropyClass, { module: 'keras.losses' });
