import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { bool, float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { binaryCrossentropy, type CrossentropyOptions as FunctionOptions } from '../losses/crossentropy-functions.js';
import { FunctionMetric, type MetricOptions } from '../training/parts.js';

export interface BinaryCrossentropyOptions extends MetricOptions, Omit<FunctionOptions, 'axis'> {}

interface BinaryCrossentropySettings {
  fromLogits: boolean;
  labelSmoothing: number;
}

class BinaryCrossentropyClass extends FunctionMetric {
  declare readonly fromLogits: boolean;
  declare readonly labelSmoothing: number;

  static override table(): Table<BinaryCrossentropySettings> {
    return {
      fromLogits: bool('from_logits', false),
      labelSmoothing: float('label_smoothing', 0, { min: 0, max: 1 }),
    };
  }

  protected override get defaultName(): string {
    return 'binary_crossentropy';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return binaryCrossentropy(yTrue, yPred, this);
  }
}

export interface BinaryCrossentropy extends BinaryCrossentropyClass {}

/** The mean of `losses.BinaryCrossentropy` over all samples seen. */
export const BinaryCrossentropy: Construct<
  [fromLogits?: boolean | BinaryCrossentropyOptions, options?: BinaryCrossentropyOptions],
  BinaryCrossentropy
> = /*#__PURE__*/ define('BinaryCrossentropy', BinaryCrossentropyClass, { module: 'keras.metrics' });
