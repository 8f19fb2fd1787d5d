import type { Tensor, Variable } from '@ceratops/core';
import { define } from '../engine/define.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { absolute, add, divide, maximum, multiply, power, subtract } from '../ops/common.js';
import {
  commonRows,
  Optimizer,
  type OptimizerConstructor,
  type OptimizerOptions,
  type OptimizerSettings,
} from '../training/parts.js';

export interface AdamaxOptions extends OptimizerOptions {
  /** How slowly the first moment follows, 0.9 by default. */
  readonly beta1?: number | undefined;
  /** How slowly the largest gradient fades, 0.999 by default. */
  readonly beta2?: number | undefined;
  /** 1e-7 by default. */
  readonly epsilon?: number | undefined;
}

interface AdamaxSettings extends OptimizerSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
}

type Slots = ReadonlyMap<Variable, Variable>;

class AdamaxClass extends Optimizer {
  declare readonly beta1: number;
  declare readonly beta2: number;
  declare readonly epsilon: number;
  #momentums: Slots | undefined;
  #norms: Slots | undefined;

  static override table(): Table<AdamaxSettings> {
    return {
      ...commonRows(0.001),
      beta1: float('beta_1', 0.9),
      beta2: float('beta_2', 0.999),
      epsilon: float('epsilon', 1e-7),
    };
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    [this.#momentums, this.#norms] = this.addSlots(variables, ['momentum', 'norm']);
  }

  protected override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const { beta1, beta2, epsilon } = this;
    const momentums = this.#momentums!.get(variable)!;
    const norms = this.#norms!.get(variable)!;
    const momentum = this.assignAdd(momentums, multiply(subtract(gradient, momentums), 1 - beta1));
    const norm = this.assign(norms, maximum(multiply(norms, beta2), absolute(gradient)));
    const correction = this.oncePerStep(`correction ${variable.dtype}`, () =>
      subtract(1, power(beta1, this.localStep(variable))),
    );
    this.assignSub(variable, divide(multiply(momentum, learningRate), multiply(add(norm, epsilon), correction)));
  }
}

export interface Adamax extends AdamaxClass {}

/** Adam with the largest gradient instead of the second moment. The learning rate is 0.001 by default. */
export const Adamax: OptimizerConstructor<Adamax, AdamaxOptions> = /*#__PURE__*/ define('Adamax', AdamaxClass, {
  module: 'keras.optimizers',
});
