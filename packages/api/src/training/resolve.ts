/** From identifiers to objects: names are looked up lazily, 'accuracy' and 'crossentropy' by the shapes they meet. */

import { isCallableObject } from '../engine/callable.js';
import { canonicalName } from '../engine/near-names.js';
import { Loss } from '../losses/loss.js';
import { type LossClass, lossTable } from '../losses/table.js';
import { type MetricClass, metricTable } from '../metrics/table.js';
import { type OptimizerClass, optimizerTable } from '../optimizers/table.js';
import type { LossLike, MetricLike, OptimizerLike, Typed } from './contracts.js';
import { latePart } from './late-part.js';
import { lookUp } from './lookup.js';

type Kind = 'binary' | 'sparse_categorical' | 'categorical';

/** What kind of classification these shapes are: Keras' rule. */
function classification(yTrue: Typed, yPred: Typed): Kind {
  const trueLast = yTrue.shape.at(-1);
  const predLast = yPred.shape.at(-1) ?? 1;
  if (predLast === 1) return 'binary';
  return yTrue.shape.length < yPred.shape.length || (trueLast === 1 && predLast > 1)
    ? 'sparse_categorical'
    : 'categorical';
}

/** One of ours, or something else that is called like one: another copy's, for instance. */
function isLoss(value: unknown): value is LossLike {
  return value instanceof Loss || isCallableObject(value);
}

function isMetricLike(value: unknown): value is MetricLike {
  return typeof (value as Partial<MetricLike> | null | undefined)?.updateState === 'function';
}

export async function resolveLoss(identifier: unknown, yTrue: Typed, yPred: Typed): Promise<LossLike> {
  if (typeof identifier === 'string') {
    const generic = ['crossentropy', 'ce'].includes(canonicalName(identifier));
    const name = generic ? `${classification(yTrue, yPred)}_crossentropy` : identifier;
    const Found = await lookUp<LossClass>('loss', lossTable, name);
    return new Found();
  }
  if (isLoss(identifier)) return identifier;
  return (await latePart()).toLoss(identifier);
}

export async function resolveMetric(identifier: unknown, yTrue: Typed, yPred: Typed): Promise<MetricLike> {
  if (typeof identifier === 'string') {
    const generic = ['accuracy', 'acc'].includes(identifier.toLowerCase());
    const name = generic ? `${classification(yTrue, yPred)}_accuracy` : identifier;
    const Found = await lookUp<MetricClass>('metric', metricTable, name);
    const metric = new Found();
    metric.name = identifier;
    return metric;
  }
  if (isMetricLike(identifier)) return identifier;
  return (await latePart()).toMetric(identifier);
}

export async function resolveOptimizer(identifier: unknown): Promise<OptimizerLike> {
  if (typeof identifier === 'string') {
    const Found = await lookUp<OptimizerClass>('optimizer', optimizerTable, identifier);
    return new Found();
  }
  return (await latePart()).toOptimizer(identifier);
}
