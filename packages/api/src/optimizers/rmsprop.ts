import type { Tensor, Variable } from '@ceratops/core';
import { define } from '../engine/define.js';
import { bool, float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { add, divide, multiply, sqrt, square, subtract } from '../ops/common.js';
import {
  commonRows,
  Optimizer,
  type OptimizerConstructor,
  type OptimizerOptions,
  type OptimizerSettings,
} from '../training/parts.js';

export interface RMSpropOptions extends OptimizerOptions {
  /** How slowly the mean square follows, 0.9 by default. */
  readonly rho?: number | undefined;
  /** 0 by default. */
  readonly momentum?: number | undefined;
  /** 1e-7 by default, inside the root. */
  readonly epsilon?: number | undefined;
  /** Divides by the deviation instead. */
  readonly centered?: boolean | undefined;
}

interface RMSpropSettings extends OptimizerSettings {
  rho: number;
  momentum: number;
  epsilon: number;
  centered: boolean;
}

type Slots = ReadonlyMap<Variable, Variable>;

class RMSpropClass extends Optimizer {
  declare readonly rho: number;
  declare readonly momentum: number;
  declare readonly epsilon: number;
  declare readonly centered: boolean;
  #velocities: Slots | undefined;
  #momentums: Slots | undefined;
  #averages: Slots | undefined;

  static override table(): Table<RMSpropSettings> {
    return {
      ...commonRows(0.001),
      rho: float('rho', 0.9),
      momentum: float('momentum', 0),
      epsilon: float('epsilon', 1e-7),
      centered: bool('centered', false),
    };
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    [this.#velocities] = this.addSlots(variables, ['velocity']);
    if (this.momentum > 0) [this.#momentums] = this.addSlots(variables, ['momentum']);
    if (this.centered) [this.#averages] = this.addSlots(variables, ['average_gradient']);
  }

  protected override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const { rho, epsilon, momentum } = this;
    const follow = (slot: Variable, value: Tensor): Tensor =>
      this.assign(slot, add(multiply(slot, rho), multiply(value, 1 - rho)));
    const velocity = follow(this.#velocities!.get(variable)!, square(gradient));
    const slot = this.#averages?.get(variable);
    const spread = slot === undefined ? velocity : subtract(velocity, square(follow(slot, gradient)));
    const step = divide(multiply(gradient, learningRate), sqrt(add(spread, epsilon)));
    const moving = this.#momentums?.get(variable);
    this.assignSub(variable, moving === undefined ? step : this.assign(moving, add(multiply(moving, momentum), step)));
  }
}

export interface RMSprop extends RMSpropClass {}

/** Gradients divided by the root of their running mean square. The learning rate is 0.001 by default. */
export const RMSprop: OptimizerConstructor<RMSprop, RMSpropOptions> = /*#__PURE__*/ define('RMSprop', RMSpropClass, {
  module: 'keras.optimizers',
});
