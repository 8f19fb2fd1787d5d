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

export interface AdagradOptions extends OptimizerOptions {
  /** 0.1 by default. */
  readonly initialAccumulatorValue?: number | undefined;
  /** 1e-7 by default. */
  readonly epsilon?: number | undefined;
}

interface AdagradSettings extends OptimizerSettings {
  initialAccumulatorValue: number;
  epsilon: number;
}

type Slots = ReadonlyMap<Variable, Variable>;

class AdagradClass extends Optimizer {
  declare readonly initialAccumulatorValue: number;
  declare readonly epsilon: number;
  #accumulators: Slots | undefined;

  static override table(): Table<AdagradSettings> {
    return {
      ...commonRows(0.001),
      initialAccumulatorValue: float('initial_accumulator_value', 0.1),
      epsilon: float('epsilon', 1e-7),
    };
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    [this.#accumulators] = this.addSlots(variables, ['accumulator'], { initial: this.initialAccumulatorValue });
  }

  protected override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const total = this.assignAdd(this.#accumulators!.get(variable)!, square(gradient));
    this.assignSub(variable, divide(multiply(gradient, learningRate), sqrt(add(total, this.epsilon))));
  }
}

export interface Adagrad extends AdagradClass {}

/** Gradients divided by the root of the sum of all their squares so far. The learning rate is 0.001 by default. */
export const Adagrad: OptimizerConstructor<Adagrad, AdagradOptions> = /*#__PURE__*/ define('Adagrad', AdagradClass, {
  module: 'keras.optimizers',
});
