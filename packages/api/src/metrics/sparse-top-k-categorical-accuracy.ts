import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { FunctionMetric, type MetricOptions } from '../training/parts.js';
import { sparseTopKCategoricalAccuracy } from './top-k-functions.js';

export interface SparseTopKCategoricalAccuracyOptions extends MetricOptions {
  /** 5 by default. */
  readonly k?: number | undefined;
}

class SparseTopKCategoricalAccuracyClass extends FunctionMetric {
  declare readonly k: number;

  static override table(): Table<{ k: number }> {
    return { k: int('k', 5, { min: 1 }) };
  }

  protected override get defaultName(): string {
    return 'sparse_top_k_categorical_accuracy';
  }

  override get direction(): 'up' {
    return 'up';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return sparseTopKCategoricalAccuracy(yTrue, yPred, this.k);
  }
}

export interface SparseTopKCategoricalAccuracy extends SparseTopKCategoricalAccuracyClass {}

/** How often the class number is among the k most probable. */
export const SparseTopKCategoricalAccuracy: Construct<
  [k?: number | SparseTopKCategoricalAccuracyOptions, options?: SparseTopKCategoricalAccuracyOptions],
  SparseTopKCategoricalAccuracy
> = /*#__PURE__*/ define('SparseTopKCategoricalAccuracy', SparseTopKCategoricalAccuracyClass, {
  module: 'keras.metrics',
});
