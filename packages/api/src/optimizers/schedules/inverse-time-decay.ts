import type { Tensor } from '@ceratops/core';
import type { Construct } from '../../engine/construct.js';
import { define } from '../../engine/define.js';
import { bool, float, string } from '../../engine/rows.js';
import type { Table } from '../../engine/table.js';
import { add, divide, multiply } from '../../ops/arithmetic.js';
import { floor } from '../../ops/elementary.js';
import { LearningRateSchedule } from './schedule.js';

export interface InverseTimeDecayOptions {
  /** Whether the rate falls in steps. */
  readonly staircase?: boolean | undefined;
  readonly name?: string | undefined;
}

interface InverseTimeDecaySettings {
  initialLearningRate: number;
  decaySteps: number;
  decayRate: number;
  staircase: boolean;
  name: string;
}

class InverseTimeDecayClass extends LearningRateSchedule {
  declare readonly initialLearningRate: number;
  declare readonly decaySteps: number;
  declare readonly decayRate: number;
  declare readonly staircase: boolean;

  static override table(): Table<InverseTimeDecaySettings> {
    return {
      initialLearningRate: float('initial_learning_rate'),
      decaySteps: float('decay_steps'),
      decayRate: float('decay_rate'),
      staircase: bool('staircase', false),
      name: string('name', 'InverseTimeDecay'),
    };
  }

  protected override at(step: Tensor): Tensor {
    const { initialLearningRate, decaySteps, decayRate, staircase } = this;
    const periods = divide(step, decaySteps);
    return divide(initialLearningRate, add(multiply(staircase ? floor(periods) : periods, decayRate), 1));
  }
}

export interface InverseTimeDecay extends InverseTimeDecayClass {}

/** initialLearningRate / (1 + decayRate · step / decaySteps); the quotient is rounded down when `staircase`. */
export const InverseTimeDecay: Construct<
  [
    initialLearningRate: number,
    decaySteps: number,
    decayRate: number,
    staircase?: boolean | InverseTimeDecayOptions,
    options?: InverseTimeDecayOptions,
  ],
  InverseTimeDecay
> = /*#__PURE__*/ define('InverseTimeDecay', InverseTimeDecayClass, { module: 'keras.optimizers.schedules' });
