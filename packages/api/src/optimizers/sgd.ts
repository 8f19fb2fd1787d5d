import type { Tensor, Variable } from '@ceratops/core';
import { define } from '../engine/define.js';
import { bool, float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { multiply, subtract } from '../ops/common.js';
import {
  commonRows,
  Optimizer,
  type OptimizerConstructor,
  type OptimizerOptions,
  type OptimizerSettings,
} from '../training/parts.js';

export interface SGDOptions extends OptimizerOptions {
  /** 0 by default. */
  readonly momentum?: number | undefined;
  /** Looks one step of momentum ahead. */
  readonly nesterov?: boolean | undefined;
}

interface SGDSettings extends OptimizerSettings {
  momentum: number;
  nesterov: boolean;
}

type Slots = ReadonlyMap<Variable, Variable>;

class SGDClass extends Optimizer {
  declare readonly momentum: number;
  declare readonly nesterov: boolean;
  #momentums: Slots | undefined;

  static override table(): Table<SGDSettings> {
    return {
      ...commonRows(0.01),
      momentum: float('momentum', 0, { min: 0, max: 1 }),
      nesterov: bool('nesterov', false),
    };
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    if (this.momentum !== 0) [this.#momentums] = this.addSlots(variables, ['momentum']);
  }

  protected override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const step = multiply(gradient, learningRate);
    const slot = this.#momentums?.get(variable);
    if (slot === undefined) {
      this.assignSub(variable, step);
      return;
    }
    const moved = this.assign(slot, subtract(multiply(slot, this.momentum), step));
    this.assignAdd(variable, this.nesterov ? subtract(multiply(moved, this.momentum), step) : moved);
  }
}

export interface SGD extends SGDClass {}

/** Gradient descent, with momentum and Nesterov momentum. The learning rate is 0.01 by default. */
export const SGD: OptimizerConstructor<SGD, SGDOptions> = /*#__PURE__*/ define('SGD', SGDClass, {
  module: 'keras.optimizers',
});
