import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { poisson } from '../losses/regression-functions.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';

class PoissonClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'poisson';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return poisson(yTrue, yPred);
  }
}

export interface Poisson extends PoissonClass {}

/** The mean of `losses.Poisson` over all samples seen. */
export const Poisson: Construct<MetricArguments, Poisson> = /*#__PURE__*/ define('Poisson', PoissonClass, {
  module: 'keras.metrics',
});
