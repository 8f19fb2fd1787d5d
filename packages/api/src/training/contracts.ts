/** What training asks of losses, metrics and optimizers; their classes are elsewhere. */

import type { Tensor, TensorLike, Variable } from '@ceratops/core';
import type { Config } from '../engine/table.js';

/** A loss: a scalar for targets, predictions and perhaps weights. */
export interface LossLike {
  readonly name: string;
  invoke(yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike): Tensor;
  getConfig?(): Config;
}

export interface MetricLike {
  name: string;
  /** Whether more or less of it is better. */
  readonly direction?: 'up' | 'down' | undefined;
  readonly variables: readonly Variable[];
  updateState(yTrue: TensorLike, yPred?: TensorLike, sampleWeight?: TensorLike): void;
  result(): Tensor | { readonly [name: string]: Tensor };
  resetState(): void;
}

export interface OptimizerLike {
  readonly built: boolean;
  readonly variables: readonly Variable[];
  build(variables: readonly Variable[]): void;
  /** Takes one step; inside a trace. */
  apply(gradients: readonly Tensor[], variables?: readonly Variable[]): void;
  scaleLoss?(loss: Tensor): Tensor;
  finalizeVariableValues?(variables: readonly Variable[]): void;
  getConfig?(): Config;
}

/** A loss by name, as a config, as an object, or as a plain function of targets and predictions. */
export type LossIdentifier = string | LossLike | ((yTrue: Tensor, yPred: Tensor) => Tensor);

export type MetricIdentifier = string | MetricLike | ((yTrue: Tensor, yPred: Tensor) => Tensor);

/** One for all outputs, or one per output in a list or a record by output name; null for none. */
export type PerOutput<T> = T | readonly (T | null)[] | { readonly [output: string]: T | null };

/** Targets or predictions known by shape only. */
export interface Typed {
  readonly shape: readonly number[];
}
