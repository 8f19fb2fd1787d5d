/** The four counts of a confusion matrix, each a metric. */

import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { CountMetric, type CountName, type ThresholdOptions } from './confusion-metric.js';

const module = 'keras.metrics';

type Counts = { readonly [K in CountName]?: string };
type CountConstructor<T> = Construct<
  [thresholds?: number | readonly number[] | ThresholdOptions, options?: ThresholdOptions],
  T
>;

class TruePositivesClass extends CountMetric {
  protected override get counts(): Counts {
    return { truePositives: 'accumulator' };
  }
}

export interface TruePositives extends TruePositivesClass {}
/** Positive labels predicted positive. */
export const TruePositives: CountConstructor<TruePositives> = /*#__PURE__*/ define(
  'TruePositives',
  TruePositivesClass,
  { module },
);

class TrueNegativesClass extends CountMetric {
  protected override get counts(): Counts {
    return { trueNegatives: 'accumulator' };
  }
}

export interface TrueNegatives extends TrueNegativesClass {}
/** Negative labels predicted negative. */
export const TrueNegatives: CountConstructor<TrueNegatives> = /*#__PURE__*/ define(
  'TrueNegatives',
  TrueNegativesClass,
  { module },
);

class FalsePositivesClass extends CountMetric {
  protected override get counts(): Counts {
    return { falsePositives: 'accumulator' };
  }
}

export interface FalsePositives extends FalsePositivesClass {}
/** Negative labels predicted positive. */
export const FalsePositives: CountConstructor<FalsePositives> = /*#__PURE__*/ define(
  'FalsePositives',
  FalsePositivesClass,
  { module },
);

class FalseNegativesClass extends CountMetric {
  protected override get counts(): Counts {
    return { falseNegatives: 'accumulator' };
  }
}

export interface FalseNegatives extends FalseNegativesClass {}
/** Positive labels predicted negative. */
export const FalseNegatives: CountConstructor<FalseNegatives> = /*#__PURE__*/ define(
  'FalseNegatives',
  FalseNegativesClass,
  { module },
);
