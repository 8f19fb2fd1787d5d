import type { Tensor } from '@ceratops/core';
import type { Construct } from '../../engine/construct.js';
import { define } from '../../engine/define.js';
import { bool, float, string } from '../../engine/rows.js';
import type { Table } from '../../engine/table.js';
import { divide, multiply, power } from '../../ops/arithmetic.js';
import { floor } from '../../ops/elementary.js';
import { LearningRateSchedule } from './schedule.js';

export interface ExponentialDecayOptions {
  /** Whether the rate falls in steps. */
  readonly staircase?: boolean | undefined;
  readonly name?: string | undefined;
}

interface ExponentialDecaySettings {
  initialLearningRate: number;
  decaySteps: number;
  decayRate: number;
  staircase: boolean;
  name: string;
}

class ExponentialDecayClass extends LearningRateSchedule {
  declare readonly initialLearningRate: number;
  declare readonly decaySteps: number;
  declare readonly decayRate: number;
  declare readonly staircase: boolean;

  static override table(): Table<ExponentialDecaySettings> {
    return {
      initialLearningRate: float('initial_learning_rate'),
      decaySteps: float('decay_steps'),
      decayRate: float('decay_rate'),
      staircase: bool('staircase', false),
      name: string('name', 'ExponentialDecay'),
    };
  }

  protected override at(step: Tensor): Tensor {
    const { initialLearningRate, decaySteps, decayRate, staircase } = this;
    const exponent = divide(step, decaySteps);
    return multiply(power(decayRate, staircase ? floor(exponent) : exponent), initialLearningRate);
  }
}

export interface ExponentialDecay extends ExponentialDecayClass {}

/** initialLearningRate · decayRate^(step / decaySteps); the exponent is rounded down when `staircase`. */
export const ExponentialDecay: Construct<
  [
    initialLearningRate: number,
    decaySteps: number,
    decayRate: number,
    staircase?: boolean | ExponentialDecayOptions,
    options?: ExponentialDecayOptions,
  ],
  ExponentialDecay
> = /*#__PURE__*/ define('ExponentialDecay', ExponentialDecayClass, { module: 'keras.optimizers.schedules' });
