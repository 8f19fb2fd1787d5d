import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { int } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { FunctionMetric, type MetricOptions } from '../training/parts.js';
import { topKCategoricalAccuracy } from './top-k-functions.js';

export interface TopKCategoricalAccuracyOptions extends MetricOptions {
  /** 5 by default. */
  readonly k?: number | undefined;
}

class TopKCategoricalAccuracyClass extends FunctionMetric {
  declare readonly k: number;

  static override table(): Table<{ k: number }> {
    return { k: int('k', 5, { min: 1 }) };
  }

  protected override get defaultName(): string {
    return 'top_k_categorical_accuracy';
  }

  override get direction(): 'up' {
    return 'up';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return topKCategoricalAccuracy(yTrue, yPred, this.k);
  }
}

export interface TopKCategoricalAccuracy extends TopKCategoricalAccuracyClass {}

/** How often the one of a one-hot label is among the k most probable. */
export const TopKCategoricalAccuracy: Construct<
  [k?: number | TopKCategoricalAccuracyOptions, options?: TopKCategoricalAccuracyOptions],
  TopKCategoricalAccuracy
> = /*#__PURE__*/ define('TopKCategoricalAccuracy', TopKCategoricalAccuracyClass, { module: 'keras.metrics' });
