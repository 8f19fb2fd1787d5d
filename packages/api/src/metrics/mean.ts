import { asTensor, type Tensor, type TensorLike, type Variable } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { maskOf } from '../engine/masks.js';
import { applyMask } from '../losses/reduction.js';
import { add, divideNoNan, mean, sum } from '../ops/common.js';
import { Metric, type MetricArguments } from './metric.js';
import { toSamplewise } from './samplewise.js';

/** What Mean and the metrics that average something per sample share. */
export abstract class MeanBase extends Metric {
  readonly total: Variable;
  readonly count: Variable;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.total = this.addVariable('total', []);
    this.count = this.addVariable('count', []);
  }

  protected accumulate(given: TensorLike, sampleWeight: TensorLike | undefined): void {
    const { values, weight } = toSamplewise(given, sampleWeight, this.dtype, mean);
    this.total.assign(add(this.total, sum(values)));
    this.count.assign(add(this.count, weight === undefined ? (values.shape[0] ?? 1) : sum(weight)));
  }

  override result(): Tensor {
    return divideNoNan(this.total, this.count);
  }
}

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

class MeanClass extends MeanBase {
  protected override get defaultName(): string {
    return 'mean';
  }

  override updateState(values: TensorLike, sampleWeight?: TensorLike): void {
    this.accumulate(values, sampleWeight);
  }
}

export interface Mean extends MeanClass {}

/** The weighted mean of all values given. */
export const Mean: Construct<MetricArguments, Mean> = /*#__PURE__*/ define('Mean', MeanClass, {
  module: 'keras.metrics',
});
