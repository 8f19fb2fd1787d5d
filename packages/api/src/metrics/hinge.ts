import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { hinge } from '../losses/hinge-functions.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';

class HingeClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'hinge';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return hinge(yTrue, yPred);
  }
}

export interface Hinge extends HingeClass {}

/** The mean of `losses.Hinge` over all samples seen. */
export const Hinge: Construct<MetricArguments, Hinge> = /*#__PURE__*/ define('Hinge', HingeClass, {
  module: 'keras.metrics',
});
