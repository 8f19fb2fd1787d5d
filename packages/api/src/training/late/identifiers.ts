/** Losses, metrics and optimizers that `compile` was given as something else than a name or an object. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { isDefinedClass, ownClassName } from '../../engine/define.js';
import { show } from '../../engine/show.js';
import { type Config, isPlainObject, type Json } from '../../engine/table.js';
import { LossFunctionWrapper } from '../../losses/loss-function-wrapper.js';
import { type LossClass, lossTable } from '../../losses/table.js';
import { MeanMetricWrapper } from '../../metrics/mean-metric-wrapper.js';
import { type MetricClass, metricTable } from '../../metrics/table.js';
import { optimizerTable } from '../../optimizers/table.js';
import { deserializeKerasObject } from '../../saving/deserialize.js';
import { isOptimizer } from '../compile.js';
import type { LossLike, MetricLike, OptimizerLike } from '../contracts.js';
import { keyLike, type LazyClasses, lookUp } from '../lookup.js';

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

/** The class name of a config `{ class_name, config }`, as compile_config holds. */
function configClassName(value: unknown): string | undefined {
  return isPlainObject(value) && typeof value.class_name === 'string' ? value.class_name : undefined;
}

async function importClass(kind: string, table: LazyClasses<string>, config: unknown): Promise<void> {
  const className = configClassName(config);
  if (className !== undefined && keyLike(className, table) !== undefined) await lookUp(kind, table, className);
}

/** An object from its config, once its class has been imported through the table. */
async function fromConfig<T>(kind: string, table: LazyClasses<string>, config: unknown): Promise<T> {
  await importClass(kind, table, config);
  return deserializeKerasObject(config as Json) as T;
}

/** The name of the built-in function that a config stands for: `{ class_name: 'function', config: 'huber' }`. */
function functionName(config: unknown, table: LazyClasses<string>): string | undefined {
  const name = configClassName(config) === 'function' ? (config as Config).config : undefined;
  return typeof name === 'string' && Object.hasOwn(table, name) ? name : undefined;
}

/** A loss from a config or from a function. */
export async function toLoss(identifier: unknown): Promise<LossLike> {
  const builtIn = functionName(identifier, lossTable);
  if (builtIn !== undefined) return new (await lookUp<LossClass>('loss', lossTable, builtIn))();
  if (configClassName(identifier) !== undefined) return fromConfig('loss', lossTable, identifier);
  if (typeof identifier !== 'function' || isDefinedClass(identifier)) throw wrong('loss', identifier);
  return new LossFunctionWrapper(identifier as never, { name: identifier.name || 'loss' }) as LossLike;
}

/** A built-in function as a metric. As in Keras, a loss goes before the metric of its name: their signs may differ. */
async function builtInMetric(config: unknown): Promise<MetricLike | undefined> {
  const lossName = functionName(config, lossTable);
  if (lossName !== undefined) {
    const loss = new (await lookUp<LossClass>('loss', lossTable, lossName))();
    return new MeanMetricWrapper((yTrue, yPred) => loss.call(yTrue, yPred), { name: lossName }) as MetricLike;
  }
  const name = functionName(config, metricTable);
  return name === undefined ? undefined : new (await lookUp<MetricClass>('metric', metricTable, name))({ name });
}

/** A metric from a config or from a function. */
export async function toMetric(identifier: unknown): Promise<MetricLike> {
  const builtIn = await builtInMetric(identifier);
  if (builtIn !== undefined) return builtIn;
  if (configClassName(identifier) !== undefined) return fromConfig('metric', metricTable, identifier);
  if (typeof identifier !== 'function' || isDefinedClass(identifier)) throw wrong('metric', identifier);
  return new MeanMetricWrapper(identifier as never, { name: identifier.name || 'metric' }) as MetricLike;
}

/** An optimizer from a config. */
export async function toOptimizer(identifier: unknown): Promise<OptimizerLike> {
  if (configClassName(identifier) !== undefined) {
    const { config } = identifier as { config?: unknown };
    if (isPlainObject(config)) await importClass('optimizer', optimizerTable, config.inner_optimizer);
    return fromConfig('optimizer', optimizerTable, identifier);
  }
  if (isOptimizer(identifier)) return identifier;
  throw wrong('optimizer', identifier);
}
