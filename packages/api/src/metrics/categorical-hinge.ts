import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { categoricalHinge } from '../losses/hinge-functions.js';
import { FunctionMetric, type MetricArguments } from '../training/parts.js';

class CategoricalHingeClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'categorical_hinge';
  }

  override get direction(): 'down' {
    return 'down';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalHinge(yTrue, yPred);
  }
}

export interface CategoricalHinge extends CategoricalHingeClass {}

/** The mean of `losses.CategoricalHinge` over all samples seen. */
export const CategoricalHinge: Construct<MetricArguments, CategoricalHinge> = /*#__PURE__*/ define(
  'CategoricalHinge',
  CategoricalHingeClass,
  { module: 'keras.metrics' },
);
