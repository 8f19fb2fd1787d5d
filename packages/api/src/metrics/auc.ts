import type { Tensor, TensorLike, Variable } from '@ceratops/core';
import { tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { epsilon } from '../engine/config.js';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { json } from '../engine/list-rows.js';
import { bool, int, oneOf, optional } from '../engine/rows.js';
import type { Config, Json, Table } from '../engine/table.js';
import {
  add,
  convertToTensor,
  divideNoNan,
  greater,
  log,
  logicalAnd,
  maximum,
  mean,
  minimum,
  multiply,
  sigmoid,
  subtract,
  sum,
  where,
} from '../ops/common.js';
import { sliceAxis } from '../ops/splitting.js';
import { Metric, type MetricOptions } from '../training/parts.js';
import { updateConfusion } from './confusion.js';

export type AUCCurve = 'ROC' | 'PR' | 'PRGAIN';
export type SummationMethod = 'interpolation' | 'minoring' | 'majoring';

export interface AUCOptions extends MetricOptions {
  /** How many thresholds the curve is sampled at, 200 by default. */
  readonly numThresholds?: number | undefined;
  /** `ROC` by default. */
  readonly curve?: AUCCurve | undefined;
  /** `interpolation` by default. */
  readonly summationMethod?: SummationMethod | undefined;
  /** Thresholds of your own between 0 and 1, instead of `numThresholds`. */
  readonly thresholds?: readonly number[] | undefined;
  /** Whether each label (last axis) has its own curve; the result is their mean. */
  readonly multiLabel?: boolean | undefined;
  readonly numLabels?: number | undefined;
  readonly labelWeights?: readonly number[] | undefined;
  /** Whether predictions are scores rather than probabilities. */
  readonly fromLogits?: boolean | undefined;
}

interface AUCSettings {
  numThresholds: number;
  curve: AUCCurve;
  summationMethod: SummationMethod;
  thresholds: Json | undefined;
  multiLabel: boolean;
  numLabels: number | undefined;
  labelWeights: Json | undefined;
  fromLogits: boolean;
}

interface Counts {
  readonly truePositives: Variable;
  readonly falsePositives: Variable;
  readonly trueNegatives: Variable;
  readonly falseNegatives: Variable;
}

class AUCClass extends Metric {
  declare numThresholds: number;
  declare readonly curve: AUCCurve;
  declare readonly summationMethod: SummationMethod;
  declare readonly thresholds: readonly number[] | undefined;
  declare readonly multiLabel: boolean;
  declare readonly numLabels: number | undefined;
  declare readonly labelWeights: readonly number[] | undefined;
  declare readonly fromLogits: boolean;
  readonly #thresholds: readonly number[];
  #counts: Counts | undefined;

  static override table(): Table<AUCSettings> {
    return {
      numThresholds: int('num_thresholds', 200, { min: 2 }),
      curve: oneOf<AUCCurve>('curve', ['ROC', 'PR', 'PRGAIN'], 'ROC'),
      summationMethod: oneOf<SummationMethod>(
        'summation_method',
        ['interpolation', 'minoring', 'majoring'],
        'interpolation',
      ),
      thresholds: optional(json('thresholds')),
      multiLabel: bool('multi_label', false),
      numLabels: optional(int('num_labels')),
      labelWeights: optional(json('label_weights')),
      fromLogits: bool('from_logits', false),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    const { thresholds, multiLabel, numLabels } = this;
    if (thresholds !== undefined) this.numThresholds = thresholds.length + 2;
    const steps = this.numThresholds - 1;
    const inner = thresholds ?? Array.from({ length: steps - 1 }, (_, i) => (i + 1) / steps);
    this.#thresholds = [-epsilon(), ...[...inner].sort((a, b) => a - b), 1 + epsilon()];
    if (!multiLabel && numLabels !== undefined) {
      throw new CeratopsError('INVALID_ARGUMENT', "'numLabels' goes with multiLabel: true", { subject: 'AUC' });
    }
    if (!multiLabel) this.#build(undefined);
    else if (numLabels !== undefined) this.#build(numLabels);
  }

  protected override get defaultName(): string | undefined {
    return undefined;
  }

  override get direction(): 'up' {
    return 'up';
  }

  #build(labels: number | undefined): Counts {
    const shape = labels === undefined ? [this.numThresholds] : [this.numThresholds, labels];
    this.#counts = {
      truePositives: this.addVariable('true_positives', shape),
      falsePositives: this.addVariable('false_positives', shape),
      trueNegatives: this.addVariable('true_negatives', shape),
      falseNegatives: this.addVariable('false_negatives', shape),
    };
    return this.#counts;
  }

  override updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike): void {
    const predictions = convertToTensor(yPred);
    const counts = this.#counts ?? this.#build(predictions.shape[1]!);
    const { multiLabel, labelWeights, fromLogits } = this;
    updateConfusion(counts as never, yTrue, fromLogits ? sigmoid(predictions) : predictions, {
      thresholds: this.#thresholds,
      sampleWeight,
      multiLabel,
      labelWeights: multiLabel ? undefined : labelWeights,
    });
  }

  override result(): Tensor {
    const counts = this.#counts;
    if (counts === undefined) {
      const remedy = 'give numLabels, or update it first';
      throw new CeratopsError('INVALID_STATE', 'the number of labels is not known yet', { subject: this.name, remedy });
    }
    const interpolated = this.curve === 'PR' && this.summationMethod === 'interpolation';
    return this.#overLabels(interpolated ? interpolatedPrecisionRecall(counts) : this.#riemann(counts));
  }

  #riemann(counts: Counts): Tensor {
    const [x, y] = curves[this.curve](counts);
    const [before, after] = [head(y), tail(y)];
    const heights: { readonly [M in SummationMethod]: () => Tensor } = {
      interpolation: () => multiply(add(before, after), 0.5),
      minoring: () => minimum(before, after),
      majoring: () => maximum(before, after),
    };
    return multiply(subtract(head(x), tail(x)), heights[this.summationMethod]());
  }

  #overLabels(terms: Tensor): Tensor {
    if (!this.multiLabel) return sum(terms);
    const areas = sum(terms, 0);
    if (this.labelWeights === undefined) return mean(areas);
    const weights = tensor([...this.labelWeights]);
    return divideNoNan(sum(multiply(areas, weights)), sum(weights));
  }

  override getConfig(): Config {
    const { thresholds, ...config } = super.getConfig();
    return thresholds === null || thresholds === undefined
      ? config
      : { ...config, thresholds: this.#thresholds.slice(1, -1) };
  }
}

function head(x: TensorLike): Tensor {
  const value = convertToTensor(x);
  return sliceAxis(value, 0, 0, value.shape[0]! - 1);
}

function tail(x: TensorLike): Tensor {
  const value = convertToTensor(x);
  return sliceAxis(value, 0, 1, value.shape[0]!);
}

function recall({ truePositives, falseNegatives }: Counts): Tensor {
  return divideNoNan(truePositives, add(truePositives, falseNegatives));
}

/** The gain of a ratio over always answering yes. */
function gain(counts: Counts, errors: Variable, withoutHits: number): Tensor {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = counts;
  const odds = divideNoNan(add(truePositives, falseNegatives), add(trueNegatives, falsePositives));
  const value = subtract(1, multiply(odds, divideNoNan(errors, truePositives)));
  return where(greater(truePositives, 0), value, withoutHits);
}

/** The coordinates of the points of each curve. */
const curves: { readonly [C in AUCCurve]: (counts: Counts) => readonly [x: Tensor, y: Tensor] } = {
  ROC: (counts) => [
    divideNoNan(counts.falsePositives, add(counts.falsePositives, counts.trueNegatives)),
    recall(counts),
  ],
  PR: (counts) => [recall(counts), divideNoNan(counts.truePositives, add(counts.truePositives, counts.falsePositives))],
  PRGAIN: (counts) => [maximum(gain(counts, counts.falseNegatives, 0), 0), gain(counts, counts.falsePositives, 1)],
};

/** Davis and Goadrich's interpolation of true positives between neighbouring thresholds. */
function interpolatedPrecisionRecall({ truePositives, falsePositives, falseNegatives }: Counts): Tensor {
  const hits = subtract(head(truePositives), tail(truePositives));
  const positives = add(truePositives, falsePositives);
  const [before, after] = [head(positives), tail(positives)];
  const slope = divideNoNan(hits, maximum(subtract(before, after), 0));
  const intercept = subtract(tail(truePositives), multiply(slope, after));
  const bothPositive = logicalAnd(greater(before, 0), greater(after, 0));
  const ratio = where(bothPositive, divideNoNan(before, maximum(after, 0)), 1);
  const area = multiply(slope, add(hits, multiply(intercept, log(ratio))));
  return divideNoNan(area, maximum(add(tail(truePositives), tail(falseNegatives)), 0));
}

export interface AUC extends AUCClass {}

/** The area under the ROC or precision-recall curve. */
export const AUC: Construct<[numThresholds?: number | AUCOptions, options?: AUCOptions], AUC> = /*#__PURE__*/ define(
  'AUC',
  AUCClass,
  {
    module: 'keras.metrics',
  },
);
