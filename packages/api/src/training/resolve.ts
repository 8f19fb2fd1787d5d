/** From identifiers to objects: names are looked up lazily, 'accuracy' and 'crossentropy' by the shapes they meet. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { isCallableObject } from '../engine/callable.js';
import { isDefinedClass, ownClassName } from '../engine/define.js';
import { canonicalName } from '../engine/near-names.js';
import { show } from '../engine/show.js';
import { LossFunctionWrapper } from '../losses/loss.js';
import { type LossClass, lossTable } from '../losses/table.js';
import { MeanMetricWrapper } from '../metrics/mean-metric-wrapper.js';
import { type MetricClass, metricTable } from '../metrics/table.js';
import { type OptimizerClass, optimizerTable } from '../optimizers/table.js';
import { isOptimizer } from './compile.js';
import type { LossLike, MetricLike, OptimizerLike, Typed } from './contracts.js';
import { configClassName, fromConfig, lookUp } from './lookup.js';

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

const expected = {
  loss: 'a name, a loss or a function of targets and outputs',
  metric: 'a name, a metric or a function of targets and outputs',
  optimizer: 'a name or an optimizer',
} as const;

function wrong(kind: keyof typeof expected, received: unknown): CeratopsError {
  const name = isDefinedClass(received) ? ownClassName(received) : undefined;
  return new CeratopsError('INVALID_ARGUMENT', `bad ${kind}`, {
    subject: 'compile',
    expected: expected[kind],
    received: name === undefined ? show(received) : `the class ${name}`,
    remedy:
      name !== undefined
        ? `write ${name}()`
        : kind === 'optimizer' && typeof received === 'number'
          ? `a learning rate goes into the optimizer: optimizers.Adam(${received})`
          : undefined,
  });
}

function hasMethod(value: unknown, method: string): boolean {
  const kind = typeof value;
  return (
    ((kind === 'object' && value !== null) || kind === 'function') &&
    typeof (value as { [name: string]: unknown })[method] === 'function'
  );
}

export async function resolveLoss(identifier: unknown, yTrue: Typed, yPred: Typed): Promise<LossLike> {
  if (typeof identifier === 'string') {
    const generic = ['crossentropy', 'ce'].includes(canonicalName(identifier));
    const name = generic ? `${classification(yTrue, yPred)}_crossentropy` : identifier;
    const Loss = await lookUp<LossClass>('loss', lossTable, name);
    return new Loss();
  }
  if (configClassName(identifier) !== undefined) return fromConfig('loss', lossTable, identifier);
  if (isCallableObject(identifier)) return identifier as unknown as LossLike;
  if (typeof identifier !== 'function' || isDefinedClass(identifier)) throw wrong('loss', identifier);
  return new LossFunctionWrapper(identifier as never, { name: identifier.name || 'loss' }) as LossLike;
}

export async function resolveMetric(identifier: unknown, yTrue: Typed, yPred: Typed): Promise<MetricLike> {
  if (typeof identifier === 'string') {
    const generic = ['accuracy', 'acc'].includes(identifier.toLowerCase());
    const name = generic ? `${classification(yTrue, yPred)}_accuracy` : identifier;
    const Metric = await lookUp<MetricClass>('metric', metricTable, name);
    const metric = new Metric();
    metric.name = identifier;
    return metric;
  }
  if (configClassName(identifier) !== undefined) return fromConfig('metric', metricTable, identifier);
  if (hasMethod(identifier, 'updateState')) return identifier as MetricLike;
  if (typeof identifier !== 'function' || isDefinedClass(identifier)) throw wrong('metric', identifier);
  return new MeanMetricWrapper(identifier as never, { name: identifier.name || 'metric' }) as MetricLike;
}

export async function resolveOptimizer(identifier: unknown): Promise<OptimizerLike> {
  if (typeof identifier === 'string') {
    const Optimizer = await lookUp<OptimizerClass>('optimizer', optimizerTable, identifier);
    return new Optimizer();
  }
  if (configClassName(identifier) !== undefined) return fromConfig('optimizer', optimizerTable, identifier);
  if (isOptimizer(identifier)) return identifier;
  throw wrong('optimizer', identifier);
}
