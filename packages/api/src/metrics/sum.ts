import type { Tensor, TensorLike, Variable } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { add, sum } from '../ops/common.js';
import { Metric, type MetricArguments, toSamplewise } from '../training/parts.js';

class SumClass extends Metric {
  readonly total: Variable;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.total = this.addVariable('total', []);
  }

  protected override get defaultName(): string {
    return 'sum';
  }

  override updateState(given: TensorLike, sampleWeight?: TensorLike): void {
    const { values } = toSamplewise(given, sampleWeight, this.dtype, sum);
    this.total.assign(add(this.total, sum(values)));
  }

  override result(): Tensor {
    return this.total.value;
  }
}

export interface Sum extends SumClass {}

/** The weighted sum of all values given. */
export const Sum: Construct<MetricArguments, Sum> = /*#__PURE__*/ define('Sum', SumClass, {
  module: 'keras.metrics',
});
