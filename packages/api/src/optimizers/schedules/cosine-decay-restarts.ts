import type { Tensor } from '@ceratops/core';
import type { Construct } from '../../engine/construct.js';
import { define } from '../../engine/define.js';
import { float, string } from '../../engine/rows.js';
import type { Table } from '../../engine/table.js';
import { add, divide, multiply, power, subtract } from '../../ops/arithmetic.js';
import { cos, floor, log } from '../../ops/elementary.js';
import { LearningRateSchedule } from './schedule.js';

export interface CosineDecayRestartsOptions {
  /** 2 by default. */
  readonly tMul?: number | undefined;
  /** 1 by default. */
  readonly mMul?: number | undefined;
  /** The share of the rate that stays, 0 by default. */
  readonly alpha?: number | undefined;
  readonly name?: string | undefined;
}

interface CosineDecayRestartsSettings {
  initialLearningRate: number;
  firstDecaySteps: number;
  tMul: number;
  mMul: number;
  alpha: number;
  name: string;
}

class CosineDecayRestartsClass extends LearningRateSchedule {
  declare readonly initialLearningRate: number;
  declare readonly firstDecaySteps: number;
  declare readonly tMul: number;
  declare readonly mMul: number;
  declare readonly alpha: number;

  static override table(): Table<CosineDecayRestartsSettings> {
    return {
      initialLearningRate: float('initial_learning_rate'),
      firstDecaySteps: float('first_decay_steps'),
      tMul: float('t_mul', 2),
      mMul: float('m_mul', 1),
      alpha: float('alpha', 0),
      name: string('name', 'SGDRDecay'),
    };
  }

  protected override at(step: Tensor): Tensor {
    const { initialLearningRate, firstDecaySteps, tMul, mMul, alpha } = this;
    const periods = divide(step, firstDecaySteps);
    const restarts =
      tMul === 1 ? floor(periods) : floor(divide(log(subtract(1, multiply(periods, 1 - tMul))), Math.log(tMul)));
    const lengths = power(tMul, restarts);
    const progress =
      tMul === 1
        ? subtract(periods, restarts)
        : divide(subtract(periods, divide(subtract(1, lengths), 1 - tMul)), lengths);
    const wave = multiply(multiply(add(cos(multiply(progress, Math.PI)), 1), 0.5), power(mMul, restarts));
    return multiply(add(multiply(wave, 1 - alpha), alpha), initialLearningRate);
  }
}

export interface CosineDecayRestarts extends CosineDecayRestartsClass {}

/** Half cosines, each `tMul` times as long and `mMul` times as high as the one before. */
export const CosineDecayRestarts: Construct<
  [
    initialLearningRate: number,
    firstDecaySteps: number,
    tMul?: number | CosineDecayRestartsOptions,
    options?: CosineDecayRestartsOptions,
  ],
  CosineDecayRestarts
> = /*#__PURE__*/ define('CosineDecayRestarts', CosineDecayRestartsClass, { module: 'keras.optimizers.schedules' });
