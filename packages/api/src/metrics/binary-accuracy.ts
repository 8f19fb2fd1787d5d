import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { FunctionMetric, type MetricOptions } from '../training/parts.js';
import { binaryAccuracy } from './accuracy-functions.js';

export interface BinaryAccuracyOptions extends MetricOptions {
  /** 0.5 by default. */
  readonly threshold?: number | undefined;
}

class BinaryAccuracyClass extends FunctionMetric {
  declare readonly threshold: number;

  static override table(): Table<{ threshold: number }> {
    return { threshold: float('threshold', 0.5) };
  }

  protected override get defaultName(): string {
    return 'binary_accuracy';
  }

  override get direction(): 'up' {
    return 'up';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return binaryAccuracy(yTrue, yPred, this.threshold);
  }
}

export interface BinaryAccuracy extends BinaryAccuracyClass {}

/** How often a probability is on the right side of the threshold. */
export const BinaryAccuracy: Construct<
  [threshold?: number | BinaryAccuracyOptions, options?: BinaryAccuracyOptions],
  BinaryAccuracy
> = /*#__PURE__*/ define('BinaryAccuracy', BinaryAccuracyClass, { module: 'keras.metrics' });
