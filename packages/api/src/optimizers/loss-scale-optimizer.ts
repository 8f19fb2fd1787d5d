/** Loss scaling for float16, whose small gradients would be zero. */

import type { Tensor, Variable } from '@ceratops/core';
import { select } from '@ceratops/core/primitives';
import { CeratopsError } from '@ceratops/kernel-registry';
import { serializeObject } from '../engine/configurable.js';
import { define } from '../engine/define.js';
import { float, int, optional, string } from '../engine/rows.js';
import { show } from '../engine/show.js';
import { type Config, isPlainObject, type Row, type Table } from '../engine/table.js';
import { add, divide, equal, full, multiply, stack, where } from '../ops/common.js';
import { isfinite, logicalAnd, logicalNot } from '../ops/logic.js';
import { all } from '../ops/logical-reductions.js';
import { findClass } from '../saving/class-registry.js';
import { type LearningRate, Optimizer } from '../training/parts.js';

export interface LossScaleOptions {
  /** What the loss is multiplied by at first: 2¹⁵ by default. Too high a scale is soon lowered. */
  readonly initialScale?: number | undefined;
  /** After how many steps in a row with finite gradients the scale doubles; 2000 by default. */
  readonly dynamicGrowthSteps?: number | undefined;
  readonly name?: string | undefined;
}

interface LossScaleSettings {
  innerOptimizer: Optimizer;
  initialScale: number;
  dynamicGrowthSteps: number;
  name: string | undefined;
}

const innerRow: Row<Optimizer> = {
  key: 'inner_optimizer',
  required: true,
  fallback: () => {
    throw new CeratopsError('INVALID_ARGUMENT', "missing argument 'innerOptimizer'");
  },
  resolve: (value, subject) => {
    if (value instanceof Optimizer) return value;
    const { class_name: className, registered_name: registered, config } = isPlainObject(value) ? value : {};
    const found = typeof className === 'string' ? findClass(className, registered) : undefined;
    if (found !== undefined && found.prototype instanceof Optimizer) {
      return (found as unknown as { fromConfig(config: unknown): Optimizer }).fromConfig(config ?? {});
    }
    throw new CeratopsError('INVALID_ARGUMENT', "bad argument 'innerOptimizer'", {
      subject,
      expected: 'an optimizer',
      received: show(value),
    });
  },
  serialize: (optimizer) => serializeObject('optimizer', optimizer),
};

class LossScaleOptimizerClass extends Optimizer {
  declare readonly innerOptimizer: Optimizer;
  declare readonly initialScale: number;
  declare readonly dynamicGrowthSteps: number;
  #counter: Variable | undefined;
  #scale: Variable | undefined;
  #trained: readonly Variable[] = [];

  static override table(): Table<LossScaleSettings> {
    return {
      innerOptimizer: innerRow,
      initialScale: float('initial_scale', 2 ** 15),
      dynamicGrowthSteps: int('dynamic_growth_steps', 2000, { min: 1 }),
      name: optional(string('name')),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    // Nothing reads it; files have it.
    this.addVariable('learning_rate', () => full([], 0));
    // Or gradients would be scaled twice.
    Object.assign(this.innerOptimizer, { lossScaleFactor: undefined });
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    this.#counter = this.addVariable('step_counter', () => full([], 0, { dtype: 'int32' }));
    this.#scale = this.addVariable('dynamic_scale', () => full([], this.initialScale));
    this.innerOptimizer.build(variables);
    this.variables.push(...this.innerOptimizer.variables);
    super.build(variables);
    this.#trained = variables;
  }

  override get learningRate(): Tensor {
    return this.innerOptimizer.learningRate;
  }

  override set learningRate(rate: LearningRate) {
    this.innerOptimizer.learningRate = rate;
  }

  override get iterations(): Variable | Tensor {
    return this.innerOptimizer.iterations;
  }

  override scaleLoss(loss: Tensor): Tensor {
    return multiply(loss, this.#scale ?? this.initialScale);
  }

  /** One step of the inner optimizer; none, and half the scale, where a gradient is not finite. */
  override apply(gradients: readonly Tensor[], variables: readonly Variable[] = this.#trained): void {
    if (gradients.length === 0) return;
    if (!this.built) this.build(variables);
    const { innerOptimizer: inner } = this;
    const counter = this.#counter!;
    const scale = this.#scale!;
    const finite = all(stack(gradients.map((gradient) => all(isfinite(gradient)))));
    const state = [...variables, ...inner.variables];
    const before = state.map(({ value }) => value);
    const unscaled = gradients.map((gradient) => divide(gradient, scale));
    inner.apply(unscaled, variables);
    state.forEach((variable, i) => {
      variable.assign(select(finite, variable.value, before[i]!));
    });
    const grows = equal(counter, this.dynamicGrowthSteps - 1);
    counter.assign(where(logicalAnd(finite, logicalNot(grows)), add(counter, 1), 0));
    scale.assign(multiply(scale, where(finite, where(grows, 2, 1), 0.5)));
  }

  /** Keras opens no file that has a rate here. */
  override getConfig(): Config {
    const { learning_rate: _, ...config } = super.getConfig();
    return config;
  }

  /** Steps are the inner optimizer's. */
  protected override updateStep(): void {}

  override finalizeVariableValues(variables: readonly Variable[]): void {
    this.innerOptimizer.finalizeVariableValues(variables);
  }
}

export interface LossScaleOptimizer extends LossScaleOptimizerClass {}

interface LossScaleOptimizerConstructor {
  /** @param innerOptimizer takes the steps. */
  new (innerOptimizer: Optimizer, options?: LossScaleOptions): LossScaleOptimizer;
  /** @param innerOptimizer takes the steps. */
  (innerOptimizer: Optimizer, options?: LossScaleOptions): LossScaleOptimizer;
  readonly prototype: LossScaleOptimizer;
}

/**
 * Wraps an optimizer: multiplies the loss by a scale and divides the gradients by it. The scale doubles after many steps with
 * finite gradients; where one is not finite, it is halved and the step skipped. `compile` wraps the optimizer of a
 * `mixed_float16` model by itself.
 */
export const LossScaleOptimizer: LossScaleOptimizerConstructor = /*#__PURE__*/ define(
  'LossScaleOptimizer',
  LossScaleOptimizerClass,
  { module: 'keras.optimizers' },
);
