import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { bool, float, int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import {
  categoricalCrossentropy,
  type CrossentropyOptions as FunctionOptions,
} from '../losses/crossentropy-functions.js';
import { FunctionMetric, type MetricOptions } from '../training/parts.js';

export interface CategoricalCrossentropyOptions extends MetricOptions, FunctionOptions {}

interface CategoricalCrossentropySettings {
  fromLogits: boolean;
  labelSmoothing: number;
  axis: number;
}

class CategoricalCrossentropyClass extends FunctionMetric {
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

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalCrossentropy(yTrue, yPred, this);
  }
}

export interface CategoricalCrossentropy extends CategoricalCrossentropyClass {}

/** The mean of `losses.CategoricalCrossentropy` over all samples seen. */
export const CategoricalCrossentropy: Construct<
  [fromLogits?: boolean | CategoricalCrossentropyOptions, options?: CategoricalCrossentropyOptions],
  CategoricalCrossentropy
> = /*#__PURE__*/ define('CategoricalCrossentropy', CategoricalCrossentropyClass, { module: 'keras.metrics' });
