/** Counts of true and false positives and negatives over thresholds: what AUC, Precision and Recall keep. */

import { asTensor, type Tensor, type TensorLike, tensor, type Variable } from '@ceratops/core';
import { CeratopsError, type DType } from '@ceratops/kernel-registry';
import { epsilon } from '../engine/config.js';
import {
  add,
  broadcastTo,
  cast,
  ceil,
  clip,
  expandDims,
  greater,
  greaterEqual,
  logicalAnd,
  logicalNot,
  maximum,
  multiply,
  oneHot,
  reshape,
  subtract,
  sum,
  where,
} from '../ops/common.js';
import { truth } from '../ops/logic.js';
import { arange } from '../ops/ranges.js';
import { topK as bestOf } from '../ops/sorting.js';
import { sliceAxis } from '../ops/splitting.js';
import { toSameRank } from '../training/parts.js';

/** The counts that a metric keeps; it leaves out what it does not need. */
export interface ConfusionVariables {
  readonly truePositives?: Variable | undefined;
  readonly falsePositives?: Variable | undefined;
  readonly trueNegatives?: Variable | undefined;
  readonly falseNegatives?: Variable | undefined;
}

export interface ConfusionOptions {
  readonly thresholds: readonly number[];
  readonly sampleWeight?: TensorLike | undefined;
  /** One weight per label, when labels are counted together. */
  readonly labelWeights?: readonly number[] | undefined;
  /** Counts each label (last axis) on its own. */
  readonly multiLabel?: boolean | undefined;
  /** Only the k best predictions of a row count as positive. */
  readonly topK?: number | undefined;
  /** Looks at one class of the last axis. */
  readonly classId?: number | undefined;
}

/** Thresholds that are i / (n - 1), but for the ends. */
export function areEvenlySpaced(thresholds: readonly number[]): boolean {
  const last = thresholds.length - 1;
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= epsilon() + 1e-5 * Math.abs(b);
  return last >= 2 && thresholds.every((threshold, i) => near(threshold, i / last));
}

/** Lower than every score. */
const hidden = -1e10;

function keepBest(scores: Tensor, k: number): Tensor {
  const [, indices] = bestOf(scores, k);
  const kept = sum(oneHot(indices, scores.shape.at(-1)!), -2);
  return add(multiply(scores, kept), multiply(subtract(1, kept), hidden));
}

function oneClass(x: Tensor, classId: number): Tensor {
  return sliceAxis(x, x.shape.length - 1, classId, classId + 1);
}

/**
 * Which predictions are positive at each threshold, in front. Evenly spaced thresholds count in buckets, as Keras does,
 * so that rounding falls the same way.
 */
function positives(scores: Tensor, thresholds: readonly number[]): Tensor {
  const { length } = thresholds;
  const spread = (vector: Tensor): Tensor => reshape(vector, [length, ...scores.shape.map(() => 1)]);
  const predictions = expandDims(scores, 0);
  if (!areEvenlySpaced(thresholds)) return greater(predictions, spread(cast(tensor([...thresholds]), scores.dtype)));
  const buckets = subtract(ceil(multiply(clip(predictions, 0, 1), length - 1)), 1);
  const withEnds = thresholds[0]! < 0 || thresholds[length - 1]! > 1;
  return greaterEqual(withEnds ? maximum(buckets, 0) : buckets, spread(arange(length, { dtype: scores.dtype })));
}

interface Prepared {
  readonly labels: Tensor;
  readonly scores: Tensor;
  readonly weights: Tensor | undefined;
}

function prepare(yTrue: TensorLike, yPred: TensorLike, dtype: DType, options: ConfusionOptions): Prepared {
  const { sampleWeight, labelWeights, multiLabel, topK, classId } = options;
  let [scores, labels] = toSameRank(cast(asTensor(yPred), dtype), cast(asTensor(yTrue), dtype));
  let weights: Tensor | undefined;
  if (sampleWeight !== undefined && sampleWeight !== null) {
    weights = toSameRank(labels, expandDims(cast(asTensor(sampleWeight), dtype), -1), false)[1];
  }
  if (topK !== undefined) scores = keepBest(scores, topK);
  if (classId !== undefined) {
    if (scores.shape.length < 2) {
      throw new CeratopsError('SHAPE_MISMATCH', 'no classes to choose from', {
        subject: 'classId',
        expected: 'rank 2',
        received: 'rank 1',
      });
    }
    [labels, scores] = [oneClass(labels, classId), oneClass(scores, classId)];
  }
  const { shape } = scores;
  if (weights !== undefined) weights = broadcastTo(weights, shape);
  if (labelWeights !== undefined) {
    const perLabel = broadcastTo(cast(tensor([...labelWeights]), dtype), shape);
    weights = weights === undefined ? perLabel : multiply(weights, perLabel);
  }
  if (multiLabel) return { labels, scores, weights };
  const flat = (x: Tensor): Tensor => reshape(x, [x.size]);
  return { labels: flat(labels), scores: flat(scores), weights: weights === undefined ? undefined : flat(weights) };
}

/** Adds the counts of a batch to the variables. */
export function updateConfusion(
  variables: ConfusionVariables,
  yTrue: TensorLike,
  yPred: TensorLike,
  options: ConfusionOptions,
): void {
  const kept = Object.values(variables).filter((variable) => variable !== undefined) as Variable[];
  const { dtype } = kept[0]!;
  const { labels, scores, weights } = prepare(yTrue, yPred, dtype, options);
  const isPositive = positives(scores, options.thresholds);
  const isTrue = broadcastTo(expandDims(truth(labels), 0), isPositive.shape);
  const count = (variable: Variable | undefined, label: Tensor, prediction: Tensor): void => {
    if (variable === undefined) return;
    const both = logicalAnd(label, prediction);
    variable.assign(add(variable, sum(weights === undefined ? cast(both, dtype) : where(both, weights, 0), 1)));
  };
  count(variables.truePositives, isTrue, isPositive);
  count(variables.falsePositives, logicalNot(isTrue), isPositive);
  count(variables.trueNegatives, logicalNot(isTrue), logicalNot(isPositive));
  count(variables.falseNegatives, isTrue, logicalNot(isPositive));
}
