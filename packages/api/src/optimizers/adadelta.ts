import type { Tensor, Variable } from '@ceratops/core';
import { define } from '../engine/define.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { add, divide, multiply, sqrt, square } from '../ops/common.js';
import {
  commonRows,
  Optimizer,
  type OptimizerConstructor,
  type OptimizerOptions,
  type OptimizerSettings,
} from '../training/parts.js';

export interface AdadeltaOptions extends OptimizerOptions {
  /** How slowly the means follow, 0.95 by default. */
  readonly rho?: number | undefined;
  /** 1e-7 by default. */
  readonly epsilon?: number | undefined;
}

interface AdadeltaSettings extends OptimizerSettings {
  rho: number;
  epsilon: number;
}

type Slots = ReadonlyMap<Variable, Variable>;

class AdadeltaClass extends Optimizer {
  declare readonly rho: number;
  declare readonly epsilon: number;
  #gradients: Slots | undefined;
  #changes: Slots | undefined;

  static override table(): Table<AdadeltaSettings> {
    return {
      ...commonRows(0.001),
      rho: float('rho', 0.95),
      epsilon: float('epsilon', 1e-7),
    };
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    [this.#gradients, this.#changes] = this.addSlots(variables, ['accumulated_grad', 'accumulated_delta_var']);
  }

  protected override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const { rho, epsilon } = this;
    const follow = (slot: Variable, value: Tensor): Tensor => {
      return this.assign(slot, add(multiply(slot, rho), multiply(square(value), 1 - rho)));
    };
    const root = (x: Tensor | Variable): Tensor => sqrt(add(x, epsilon));
    const changes = this.#changes!.get(variable)!;
    const squares = follow(this.#gradients!.get(variable)!, gradient);
    const change = divide(multiply(root(changes), gradient), root(squares));
    follow(changes, change);
    this.assignSub(variable, multiply(change, learningRate));
  }
}

export interface Adadelta extends AdadeltaClass {}

/** Steps scaled by the ratio of past steps to past gradients. The learning rate is 0.001 by default. */
export const Adadelta: OptimizerConstructor<Adadelta, AdadeltaOptions> = /*#__PURE__*/ define(
  'Adadelta',
  AdadeltaClass,
  { module: 'keras.optimizers' },
);
