/** The settings that all optimizers share, and their rows. */

import type { TensorLike } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { serializeObject } from '../engine/configurable.js';
import { unknownName } from '../engine/near-names.js';
import { bool, float, int, optional, string } from '../engine/rows.js';
import { type Config, isPlainObject, type Json, type Row, type Table } from '../engine/table.js';
import { findClass } from '../saving/class-registry.js';
import type { Schedule } from './schedules/schedule.js';

/** A number, or a schedule: any function from the step to a rate. */
export type LearningRate = number | Schedule | ((step: TensorLike) => TensorLike);

export interface OptimizerOptions {
  /** A number, or a schedule. */
  readonly learningRate?: LearningRate | undefined;
  readonly name?: string | undefined;
  /** Each step also moves weights towards 0 by this share, times the learning rate. */
  readonly weightDecay?: number | undefined;
  /** Limits the norm of each gradient. */
  readonly clipnorm?: number | undefined;
  /** Limits the norm of all gradients together. */
  readonly globalClipnorm?: number | undefined;
  /** Limits each element of the gradients. */
  readonly clipvalue?: number | undefined;
  /** Whether to keep a moving average of the weights, which replaces them when training ends. */
  readonly useEma?: boolean | undefined;
  /** 0.99 by default. */
  readonly emaMomentum?: number | undefined;
  /** After how many steps, each time, the average replaces the weights; only at the end by default. */
  readonly emaOverwriteFrequency?: number | undefined;
  /** The factor that the loss is multiplied by before its gradient is taken. */
  readonly lossScaleFactor?: number | undefined;
  /** Over how many steps gradients are averaged before the weights move. */
  readonly gradientAccumulationSteps?: number | undefined;
}

export interface OptimizerSettings {
  learningRate: LearningRate;
  weightDecay: number | undefined;
  clipnorm: number | undefined;
  globalClipnorm: number | undefined;
  clipvalue: number | undefined;
  useEma: boolean;
  emaMomentum: number;
  emaOverwriteFrequency: number | undefined;
  lossScaleFactor: number | undefined;
  gradientAccumulationSteps: number | undefined;
  name: string | undefined;
}

function resolveRate(value: unknown, subject: string): LearningRate {
  if (typeof value === 'number' && value >= 0) return value;
  if (typeof value === 'function') return value as Schedule;
  if (isPlainObject(value) && typeof value.class_name === 'string')
    return scheduleFromConfig(value.class_name, value as Config);
  throw new CeratopsError('INVALID_ARGUMENT', "bad argument 'learningRate'", {
    subject,
    expected: 'a number ≥ 0, a schedule or a function of the step',
    received: JSON.stringify(value) ?? String(value),
  });
}

/** Files load the classes that they name, so what is not there is no class of this package. */
function scheduleFromConfig(className: string, { registered_name: registered, config }: Config): Schedule {
  const found = findClass(className, registered) as { fromConfig?(config: unknown): Schedule } | undefined;
  if (found?.fromConfig === undefined) throw unknownName('learning rate schedule', className, []);
  return found.fromConfig(config ?? {});
}

export function serializeRate(rate: LearningRate): Json {
  return typeof rate === 'number' ? Math.fround(rate) : serializeObject('learning rate schedule', rate);
}

/** The field is an accessor of the optimizer, which writes the config's value itself. */
function rateRow(fallback: number): Row<LearningRate> {
  return {
    key: 'learning_rate',
    required: false,
    float: true,
    fallback: () => fallback,
    resolve: resolveRate,
    serialize: () => null,
  };
}

/** The rows of every optimizer; spread them around its own. */
export function commonRows(rate: number): Table<OptimizerSettings> {
  return {
    learningRate: rateRow(rate),
    weightDecay: optional(float('weight_decay')),
    clipnorm: optional(float('clipnorm')),
    globalClipnorm: optional(float('global_clipnorm')),
    clipvalue: optional(float('clipvalue')),
    useEma: bool('use_ema', false),
    emaMomentum: float('ema_momentum', 0.99, { min: 0, max: 1 }),
    emaOverwriteFrequency: optional(int('ema_overwrite_frequency', undefined, { min: 1 })),
    lossScaleFactor: optional(float('loss_scale_factor')),
    gradientAccumulationSteps: optional(int('gradient_accumulation_steps', undefined, { min: 2 })),
    name: optional(string('name')),
  };
}
