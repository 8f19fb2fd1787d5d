/** What Adam and AdamW share. */

import type { Tensor, Variable } from '@ceratops/core';
import { bool, float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { add, divide, maximum, multiply, power, sqrt, square, subtract } from '../ops/common.js';
import { commonRows, Optimizer, type OptimizerOptions, type OptimizerSettings } from '../training/parts.js';

export interface AdamOptions extends OptimizerOptions {
  /** How slowly the first moment follows, 0.9 by default. */
  readonly beta1?: number | undefined;
  /** How slowly the second moment follows, 0.999 by default. */
  readonly beta2?: number | undefined;
  /** 1e-7 by default. */
  readonly epsilon?: number | undefined;
  /** Keeps the largest second moment. */
  readonly amsgrad?: boolean | undefined;
}

export interface AdamSettings extends OptimizerSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
  amsgrad: boolean;
}

type Slots = ReadonlyMap<Variable, Variable>;

export abstract class MomentOptimizer extends Optimizer {
  declare readonly beta1: number;
  declare readonly beta2: number;
  declare readonly epsilon: number;
  declare readonly amsgrad: boolean;
  #momentums: Slots | undefined;
  #velocities: Slots | undefined;
  #largest: Slots | undefined;

  static override table(): Table<AdamSettings> {
    return {
      ...commonRows(0.001),
      beta1: float('beta_1', 0.9),
      beta2: float('beta_2', 0.999),
      epsilon: float('epsilon', 1e-7),
      amsgrad: bool('amsgrad', false),
    };
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    [this.#momentums, this.#velocities] = this.addSlots(variables, ['momentum', 'velocity']);
    if (this.amsgrad) [this.#largest] = this.addSlots(variables, ['velocity_hat']);
  }

  /** lr · √(1 - β₂ᵗ) / (1 - β₁ᵗ). */
  #rate(variable: Variable, learningRate: Tensor): Tensor {
    return this.oncePerStep(`rate ${variable.dtype}`, () => {
      const step = this.localStep(variable);
      const rest = (beta: number): Tensor => subtract(1, power(beta, step));
      return divide(multiply(learningRate, sqrt(rest(this.beta2))), rest(this.beta1));
    });
  }

  protected override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const momentums = this.#momentums!.get(variable)!;
    const velocities = this.#velocities!.get(variable)!;
    const largest = this.#largest?.get(variable);
    const momentum = this.assignAdd(momentums, multiply(subtract(gradient, momentums), 1 - this.beta1));
    const latest = this.assignAdd(velocities, multiply(subtract(square(gradient), velocities), 1 - this.beta2));
    const velocity = largest === undefined ? latest : this.assign(largest, maximum(largest, latest));
    const step = multiply(momentum, this.#rate(variable, learningRate));
    this.assignSub(variable, divide(step, add(sqrt(velocity), this.epsilon)));
  }
}
