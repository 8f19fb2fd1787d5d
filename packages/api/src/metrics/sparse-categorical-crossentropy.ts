import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { bool, int, optional } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import {
  type SparseCrossentropyOptions,
  sparseCategoricalCrossentropy,
} from '../losses/sparse-categorical-crossentropy.js';
import { FunctionMetric, type MetricOptions } from '../training/parts.js';

export interface SparseCategoricalCrossentropyOptions extends MetricOptions, SparseCrossentropyOptions {}

interface SparseCategoricalCrossentropySettings {
  fromLogits: boolean;
  ignoreClass: number | undefined;
  axis: number;
}

class SparseCategoricalCrossentropyClass extends FunctionMetric {
  declare readonly fromLogits: boolean;
  declare readonly ignoreClass: number | undefined;
  declare readonly axis: number;

  static override table(): Table<SparseCategoricalCrossentropySettings> {
    return {
      fromLogits: bool('from_logits', false),
      ignoreClass: optional(int('ignore_class')),
      axis: int('axis', -1),
    };
  }

  protected override get defaultName(): string {
    return 'sparse_categorical_crossentropy';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return sparseCategoricalCrossentropy(yTrue, yPred, this);
  }
}

export interface SparseCategoricalCrossentropy extends SparseCategoricalCrossentropyClass {}

/** The mean of `losses.SparseCategoricalCrossentropy` over all samples seen. */
export const SparseCategoricalCrossentropy: Construct<
  [fromLogits?: boolean | SparseCategoricalCrossentropyOptions, options?: SparseCategoricalCrossentropyOptions],
  SparseCategoricalCrossentropy
> = /*#__PURE__*/ define('SparseCategoricalCrossentropy', SparseCategoricalCrossentropyClass, {
  module: 'keras.metrics',
});
