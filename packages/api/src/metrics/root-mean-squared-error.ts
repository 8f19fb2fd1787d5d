import { asTensor, type Tensor, type TensorLike } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { cast, sqrt, square, subtract } from '../ops/common.js';
import { MeanBase, type MetricArguments, toSameRank } from '../training/parts.js';

class RootMeanSquaredErrorClass extends MeanBase {
  protected override get defaultName(): string {
    return 'root_mean_squared_error';
  }

  override get direction(): 'down' {
    return 'down';
  }

  override updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike): void {
    const [truth, prediction] = toSameRank(cast(asTensor(yTrue), this.dtype), cast(asTensor(yPred), this.dtype));
    this.accumulate(square(subtract(prediction, truth)), sampleWeight);
  }

  override result(): Tensor {
    return sqrt(super.result());
  }
}

export interface RootMeanSquaredError extends RootMeanSquaredErrorClass {}

/** The root of the mean of squared errors. */
export const RootMeanSquaredError: Construct<MetricArguments, RootMeanSquaredError> = /*#__PURE__*/ define(
  'RootMeanSquaredError',
  RootMeanSquaredErrorClass,
  { module: 'keras.metrics' },
);
