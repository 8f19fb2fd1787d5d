import type { Tensor, Variable } from '@ceratops/core';
import { define } from '../engine/define.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { add, multiply, sign } from '../ops/common.js';
import {
  commonRows,
  Optimizer,
  type OptimizerConstructor,
  type OptimizerOptions,
  type OptimizerSettings,
} from '../training/parts.js';
import { complement } from './complement.js';

export interface LionOptions extends OptimizerOptions {
  /** Weight of the momentum in the direction, 0.9 by default. */
  readonly beta1?: number | undefined;
  /** How slowly the momentum follows, 0.99 by default. */
  readonly beta2?: number | undefined;
}

interface LionSettings extends OptimizerSettings {
  beta1: number;
  beta2: number;
}

type Slots = ReadonlyMap<Variable, Variable>;

class LionClass extends Optimizer {
  declare readonly beta1: number;
  declare readonly beta2: number;
  #momentums: Slots | undefined;

  static override table(): Table<LionSettings> {
    return {
      ...commonRows(0.001),
      beta1: float('beta_1', 0.9),
      beta2: float('beta_2', 0.99),
    };
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    [this.#momentums] = this.addSlots(variables, ['momentum']);
  }

  protected override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const momentum = this.#momentums!.get(variable)!;
    const mix = (beta: number): Tensor => add(multiply(momentum, beta), multiply(gradient, complement(beta, variable)));
    this.assignSub(variable, multiply(sign(mix(this.beta1)), learningRate));
    this.assign(momentum, mix(this.beta2));
  }
}

export interface Lion extends LionClass {}

/** Steps of one size, in the direction of the sign of the momentum. The learning rate is 0.001 by default. */
export const Lion: OptimizerConstructor<Lion, LionOptions> = /*#__PURE__*/ define('Lion', LionClass, {
  module: 'keras.optimizers',
});
