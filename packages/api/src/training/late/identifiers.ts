/** Losses, metrics and optimizers that `compile` was given as something else than a name or an object. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { isDefinedClass, ownClassName } from '../../engine/define.js';
import { show } from '../../engine/show.js';
import type { Config, Json } from '../../engine/table.js';
import { LossFunctionWrapper } from '../../losses/loss-function-wrapper.js';
import { lossTable } from '../../losses/table.js';
import { MeanMetricWrapper } from '../../metrics/mean-metric-wrapper.js';
import { metricTable } from '../../metrics/table.js';
import { optimizerTable } from '../../optimizers/table.js';
import { deserializeKerasObject } from '../../saving/deserialize.js';
import { isOptimizer } from '../compile.js';
import type { LossLike, MetricLike, OptimizerLike } from '../contracts.js';
import { configClassName, keyLike, type LazyClasses, lookUp } from '../lookup.js';

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

/** An object from its config, once its class has been imported through the table; a function of ours is its class with defaults. */
async function fromConfig<T>(kind: string, table: LazyClasses<string>, config: unknown): Promise<T> {
  const className = configClassName(config)!;
  const isFunction = className === 'function';
  const name = isFunction ? String((config as Config).config) : className;
  const Found = keyLike(name, table) === undefined ? undefined : await lookUp<new () => T>(kind, table, name);
  return isFunction && Found !== undefined ? new Found() : (deserializeKerasObject(config as Json) as T);
}

/** A loss from a config or from a function. */
export async function toLoss(identifier: unknown): Promise<LossLike> {
  if (configClassName(identifier) !== undefined) return fromConfig('loss', lossTable, identifier);
  if (typeof identifier !== 'function' || isDefinedClass(identifier)) throw wrong('loss', identifier);
  return new LossFunctionWrapper(identifier as never, { name: identifier.name || 'loss' }) as LossLike;
}

/** A metric from a config or from a function. */
export async function toMetric(identifier: unknown): Promise<MetricLike> {
  if (configClassName(identifier) !== undefined) return fromConfig('metric', metricTable, identifier);
  if (typeof identifier !== 'function' || isDefinedClass(identifier)) throw wrong('metric', identifier);
  return new MeanMetricWrapper(identifier as never, { name: identifier.name || 'metric' }) as MetricLike;
}

/** An optimizer from a config. */
export async function toOptimizer(identifier: unknown): Promise<OptimizerLike> {
  if (configClassName(identifier) !== undefined) return fromConfig('optimizer', optimizerTable, identifier);
  if (isOptimizer(identifier)) return identifier;
  throw wrong('optimizer', identifier);
}
