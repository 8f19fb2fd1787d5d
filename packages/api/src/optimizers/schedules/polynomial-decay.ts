import type { Tensor } from '@ceratops/core';
import type { Construct } from '../../engine/construct.js';
import { define } from '../../engine/define.js';
import { bool, float, string } from '../../engine/rows.js';
import type { Table } from '../../engine/table.js';
import { add, divide, minimum, multiply, power, subtract } from '../../ops/arithmetic.js';
import { ceil } from '../../ops/elementary.js';
import { equal, where } from '../../ops/logic.js';
import { LearningRateSchedule } from './schedule.js';

export interface PolynomialDecayOptions {
  /** 1e-4 by default. */
  readonly endLearningRate?: number | undefined;
  /** 1, a straight line, by default. */
  readonly power?: number | undefined;
  /** Whether it starts over, from ever lower, after decaySteps. */
  readonly cycle?: boolean | undefined;
  readonly name?: string | undefined;
}

interface PolynomialDecaySettings {
  initialLearningRate: number;
  decaySteps: number;
  endLearningRate: number;
  power: number;
  cycle: boolean;
  name: string;
}

class PolynomialDecayClass extends LearningRateSchedule {
  declare readonly initialLearningRate: number;
  declare readonly decaySteps: number;
  declare readonly endLearningRate: number;
  declare readonly power: number;
  declare readonly cycle: boolean;

  static override table(): Table<PolynomialDecaySettings> {
    return {
      initialLearningRate: float('initial_learning_rate'),
      decaySteps: float('decay_steps'),
      endLearningRate: float('end_learning_rate', 1e-4),
      power: float('power', 1),
      cycle: bool('cycle', false),
      name: string('name', 'PolynomialDecay'),
    };
  }

  protected override at(step: Tensor): Tensor {
    const { initialLearningRate, decaySteps, endLearningRate, cycle } = this;
    const cycles = where(equal(step, 0), 1, ceil(divide(step, decaySteps)));
    const progress = cycle ? divide(step, multiply(cycles, decaySteps)) : divide(minimum(step, decaySteps), decaySteps);
    return add(
      multiply(power(subtract(1, progress), this.power), initialLearningRate - endLearningRate),
      endLearningRate,
    );
  }
}

export interface PolynomialDecay extends PolynomialDecayClass {}

/** From initialLearningRate to endLearningRate in decaySteps, along (1 - progress)^power. */
export const PolynomialDecay: Construct<
  [
    initialLearningRate: number,
    decaySteps: number,
    endLearningRate?: number | PolynomialDecayOptions,
    options?: PolynomialDecayOptions,
  ],
  PolynomialDecay
> = /*#__PURE__*/ define('PolynomialDecay', PolynomialDecayClass, { module: 'keras.optimizers.schedules' });
