import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { bool, float, int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { FunctionLoss, type LossOptions } from '../training/parts.js';
import { binaryFocalCrossentropy, type BinaryFocalOptions as FunctionOptions } from './crossentropy-functions.js';

export interface BinaryFocalCrossentropyOptions extends LossOptions, FunctionOptions {}

interface BinaryFocalCrossentropySettings {
  applyClassBalancing: boolean;
  alpha: number;
  gamma: number;
  fromLogits: boolean;
  labelSmoothing: number;
  axis: number;
}

class BinaryFocalCrossentropyClass extends FunctionLoss {
  declare readonly applyClassBalancing: boolean;
  declare readonly alpha: number;
  declare readonly gamma: number;
  declare readonly fromLogits: boolean;
  declare readonly labelSmoothing: number;
  declare readonly axis: number;
  static override table(): Table<BinaryFocalCrossentropySettings> {
    return {
      applyClassBalancing: bool('apply_class_balancing', false),
      alpha: float('alpha', 0.25),
      gamma: float('gamma', 2),
      fromLogits: bool('from_logits', false),
      labelSmoothing: float('label_smoothing', 0, { min: 0, max: 1 }),
      axis: int('axis', -1),
    };
  }

  protected override get defaultName(): string {
    return 'binary_focal_crossentropy';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return binaryFocalCrossentropy(yTrue, yPred, this);
  }
}

export interface BinaryFocalCrossentropy extends BinaryFocalCrossentropyClass {}

/** Binary crossentropy that discounts easy samples. */
export const BinaryFocalCrossentropy: Construct<
  [applyClassBalancing?: boolean | BinaryFocalCrossentropyOptions, options?: BinaryFocalCrossentropyOptions],
  BinaryFocalCrossentropy
> = /*#__PURE__*/ define('BinaryFocalCrossentropy', BinaryFocalCrossentropyClass, { module: 'keras.losses' });
