import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { squaredHinge } from '../losses/hinge-functions.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';

class SquaredHingeClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'squared_hinge';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return squaredHinge(yTrue, yPred);
  }
}

export interface SquaredHinge extends SquaredHingeClass {}

/** The mean of `losses.SquaredHinge` over all samples seen. */
export const SquaredHinge: Construct<MetricArguments, SquaredHinge> = /*#__PURE__*/ define(
  'SquaredHinge',
  SquaredHingeClass,
  { module: 'keras.metrics' },
);
