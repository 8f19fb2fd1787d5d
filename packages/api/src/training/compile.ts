/** `compile`: what to train with. Names stay names until the first `fit` or `evaluate`, which knows the shapes. */

import type { Model } from '../engine/model.js';
import type { Config, Json } from '../engine/table.js';
import { Optimizer } from '../optimizers/optimizer.js';
import { serializeKerasObject } from '../saving/serialize.js';
import { checkOptions, compileChecks } from './check-options.js';
import type { CompileLoss } from './compile-loss.js';
import type { CompileMetrics } from './compile-metrics.js';
import type { LossIdentifier, MetricIdentifier, MetricLike, OptimizerLike, PerOutput } from './contracts.js';
import type { Steps } from './steps.js';

/** Completes the known names; any string compiles. */
export type Name<Known extends string> = Known | (string & {});

export type OptimizerName = 'sgd' | 'adam' | 'adamw' | 'rmsprop';
export type LossName =
  | 'mean_squared_error'
  | 'mean_absolute_error'
  | 'huber'
  | 'kl_divergence'
  | 'binary_crossentropy'
  | 'categorical_crossentropy'
  | 'sparse_categorical_crossentropy';
export type MetricName = 'accuracy' | 'auc' | 'mean_squared_error' | 'mean_absolute_error';

export interface CompileOptions {
  /** A name or an optimizer; 'rmsprop' when absent. */
  readonly optimizer?: Name<OptimizerName> | OptimizerLike | undefined;
  /** One loss for all outputs, or one for each: in a list or by output name. */
  readonly loss?: PerOutput<Name<LossName> | Exclude<LossIdentifier, string>> | undefined;
  /** Factors of the losses in the total. */
  readonly lossWeights?: number | readonly number[] | { readonly [output: string]: number } | undefined;
  /** Metrics without sample weights: a list, or lists by output. */
  readonly metrics?:
    | PerOutput<Name<MetricName> | MetricIdentifier | readonly (Name<MetricName> | MetricIdentifier)[]>
    | undefined;
  /** Metrics that take the sample weights. */
  readonly weightedMetrics?: CompileOptions['metrics'];
  /** Op by op instead of one program: slow, with user stacks. */
  readonly runEagerly?: boolean | undefined;
  /** Steps between callbacks. Numbers of steps (`stepsPerEpoch`, `steps`) round up to whole executions. */
  readonly stepsPerExecution?: number | undefined;
  /** Whether a `mixed_float16` model's optimizer is wrapped in a LossScaleOptimizer; true by default. */
  readonly autoScaleLoss?: boolean | undefined;
}

/** A compiled model's training state. */
export interface Compiled {
  readonly options: CompileOptions;
  /** There as soon as its name has been looked up. */
  optimizer: OptimizerLike | undefined;
  /** The optimizer inside, where `compile` wrapped it by itself. */
  given?: OptimizerLike | undefined;
  loss?: CompileLoss | undefined;
  metrics?: CompileMetrics | undefined;
  /** The mean of the total loss. */
  tracker?: MetricLike | undefined;
  /** Everything above has been looked up. */
  resolved: boolean;
  steps?: Steps | undefined;
}

export function compile(model: Model<never, unknown>, options: CompileOptions): Compiled {
  const usage = 'compile({ optimizer, loss, metrics })';
  const { optimizer } = checkOptions(`compile of ${model}`, compileChecks, options, usage);
  return { options, optimizer: isOptimizer(optimizer) ? optimizer : undefined, resolved: false };
}

export function isOptimizer(value: unknown): value is OptimizerLike {
  if (value instanceof Optimizer) return true;
  const { build, apply } = (value ?? {}) as Partial<OptimizerLike>;
  return typeof build === 'function' && (apply as unknown) !== Function.prototype.apply && typeof apply === 'function';
}

/** What files keep of it. */
export function compileConfig({ options, given, optimizer }: Compiled): Config {
  const json = (value: unknown): Json => serializeKerasObject(value ?? null);
  return {
    optimizer: json(given ?? optimizer ?? options.optimizer ?? 'rmsprop'),
    loss: json(options.loss),
    loss_weights: json(options.lossWeights),
    metrics: json(options.metrics),
    weighted_metrics: json(options.weightedMetrics),
    run_eagerly: options.runEagerly ?? false,
    steps_per_execution: options.stepsPerExecution ?? 1,
    jit_compile: true,
  };
}
