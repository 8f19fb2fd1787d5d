import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { klDivergence } from '../losses/regression-functions.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';

class KLDivergenceClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'kl_divergence';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return klDivergence(yTrue, yPred);
  }
}

export interface KLDivergence extends KLDivergenceClass {}

/** The mean of `losses.KLDivergence` over all samples seen. */
export const KLDivergence: Construct<MetricArguments, KLDivergence> = /*#__PURE__*/ define(
  'KLDivergence',
  KLDivergenceClass,
  { module: 'keras.metrics' },
);
