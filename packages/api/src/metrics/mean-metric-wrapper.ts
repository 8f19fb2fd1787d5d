/** Metrics that average a function of truth and prediction. */

import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { maskOf } from '../engine/masks.js';
import type { Config } from '../engine/table.js';
import { applyMask, checkedTensor } from '../losses/reduction.js';
import { MeanBase } from './mean.js';
import type { MetricOptions } from './metric.js';

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

/** A metric made of any function `(yTrue, yPred) => values per sample`. */
export class MeanMetricWrapper extends FunctionMetric {
  readonly #fn: MetricFunction;

  constructor(fn: MetricFunction, options: MetricOptions = {}) {
    super({ name: fn.name === '' ? undefined : fn.name, ...options });
    this.#fn = fn;
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return checkedTensor(`metric '${this.name}'`, this.#fn(yTrue, yPred));
  }

  override getConfig(): Config {
    throw new CeratopsError('INVALID_STATE', 'a metric function of your own has no name in files', {
      subject: this.name,
      remedy: "make it a class: define('MyMetric', class extends metrics.Metric { … })",
    });
  }
}
