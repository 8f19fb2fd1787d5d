import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Config } from '../engine/table.js';
import { checkedTensor } from '../losses/checked-tensor.js';
import { FunctionMetric, type MetricFunction, type MetricOptions } from '../training/parts.js';

/** A metric made of any function `(yTrue, yPred) => values per sample`. */
export class MeanMetricWrapper extends FunctionMetric {
  /** In automatic names and weight files, whatever a minifier does to the class. */
  static readonly className: string = 'MeanMetricWrapper';
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
