import type { Tensor } from '@ceratops/core';
import { floatx } from '../engine/config.js';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { argmax, cast, convertToTensor, equal, squeeze } from '../ops/common.js';
import { FunctionMetric, type MetricArguments, type PerSample, perSample } from '../training/parts.js';

/** How often the largest probability is at the class number. */
export const sparseCategoricalAccuracy: PerSample = /*#__PURE__*/ perSample(
  'sparse_categorical_accuracy',
  (yTrue, yPred) => {
    const prediction = convertToTensor(yPred);
    const given = convertToTensor(yTrue);
    const column = given.shape.length === prediction.shape.length && given.shape.at(-1) === 1;
    const truth = column ? squeeze(given, -1) : given;
    const matches = cast(equal(truth, cast(argmax(prediction, -1), truth.dtype)), floatx());
    return matches.shape.length > 1 && matches.shape.at(-1) === 1 ? squeeze(matches, -1) : matches;
  },
);

class SparseCategoricalAccuracyClass extends FunctionMetric {
  protected override get defaultName(): string {
    return 'sparse_categorical_accuracy';
  }

  override get direction(): 'up' {
    return 'up';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return sparseCategoricalAccuracy(yTrue, yPred);
  }
}

export interface SparseCategoricalAccuracy extends SparseCategoricalAccuracyClass {}

/** How often the largest probability is at the class number. */
export const SparseCategoricalAccuracy: Construct<MetricArguments, SparseCategoricalAccuracy> = /*#__PURE__*/ define(
  'SparseCategoricalAccuracy',
  SparseCategoricalAccuracyClass,
  { module: 'keras.metrics' },
);
