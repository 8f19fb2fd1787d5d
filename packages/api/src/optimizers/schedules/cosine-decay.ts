import type { Tensor } from '@ceratops/core';
import type { Construct } from '../../engine/construct.js';
import { define } from '../../engine/define.js';
import { float, optional, string } from '../../engine/rows.js';
import type { Table } from '../../engine/table.js';
import { add, divide, minimum, multiply, subtract } from '../../ops/arithmetic.js';
import { cos } from '../../ops/elementary.js';
import { less, where } from '../../ops/logic.js';
import { LearningRateSchedule } from './schedule.js';

export interface CosineDecayOptions {
  /** The share of the rate that stays, 0 by default. */
  readonly alpha?: number | undefined;
  /** The rate after warming up; no warming up without it. */
  readonly warmupTarget?: number | undefined;
  /** How many steps warming up takes, before decaySteps. */
  readonly warmupSteps?: number | undefined;
  readonly name?: string | undefined;
}

interface CosineDecaySettings {
  initialLearningRate: number;
  decaySteps: number;
  alpha: number;
  warmupTarget: number | undefined;
  warmupSteps: number;
  name: string;
}

class CosineDecayClass extends LearningRateSchedule {
  declare readonly initialLearningRate: number;
  declare readonly decaySteps: number;
  declare readonly alpha: number;
  declare readonly warmupTarget: number | undefined;
  declare readonly warmupSteps: number;

  static override table(): Table<CosineDecaySettings> {
    return {
      initialLearningRate: float('initial_learning_rate'),
      decaySteps: float('decay_steps'),
      alpha: float('alpha', 0),
      warmupTarget: optional(float('warmup_target')),
      warmupSteps: float('warmup_steps', 0),
      name: string('name', 'CosineDecay'),
    };
  }

  protected override at(step: Tensor): Tensor {
    const { initialLearningRate, decaySteps, warmupTarget, warmupSteps } = this;
    if (warmupTarget === undefined) return this.#decay(minimum(step, decaySteps), initialLearningRate);
    const done = minimum(step, decaySteps + warmupSteps);
    const rise = add(multiply(divide(done, warmupSteps), warmupTarget - initialLearningRate), initialLearningRate);
    return where(less(done, warmupSteps), rise, this.#decay(subtract(done, warmupSteps), warmupTarget));
  }

  #decay(step: Tensor, from: number): Tensor {
    const wave = multiply(add(cos(multiply(divide(step, this.decaySteps), Math.PI)), 1), 0.5);
    return multiply(add(multiply(wave, 1 - this.alpha), this.alpha), from);
  }
}

export interface CosineDecay extends CosineDecayClass {}

/** Down a half cosine in decaySteps, to alpha times the start; with `warmupTarget`, first up to it in a line. */
export const CosineDecay: Construct<
  [initialLearningRate: number, decaySteps: number, alpha?: number | CosineDecayOptions, options?: CosineDecayOptions],
  CosineDecay
> = /*#__PURE__*/ define('CosineDecay', CosineDecayClass, { module: 'keras.optimizers.schedules' });
