/** Metrics that average a function of truth and prediction. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import { maskOf } from '../engine/masks.js';
import { applyMask } from '../losses/reduction.js';
import { MeanBase } from './mean.js';

/** (yTrue, yPred) → a value per sample. */
export type MetricFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** The mean of `compute` over samples; positions that the prediction's mask hides do not count. */
export abstract class FunctionMetric extends MeanBase {
  protected abstract compute(yTrue: Tensor, yPred: Tensor): Tensor;

  override updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike): void {
    const mask = maskOf(yPred) as Tensor | undefined;
    const given = sampleWeight === undefined || sampleWeight === null ? undefined : asTensor(sampleWeight);
    this.accumulate(this.compute(asTensor(yTrue), asTensor(yPred)), applyMask(given, mask, this.dtype, 'sum'));
  }
}
