import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { float } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import { FunctionLoss, type LossOptions } from '../training/parts.js';
import { huber } from './regression-functions.js';

export interface HuberOptions extends LossOptions {
  /** Where squared becomes absolute, 1 by default. */
  readonly delta?: number | undefined;
}

class HuberClass extends FunctionLoss {
  declare readonly delta: number;

  static override table(): Table<{ delta: number }> {
    return { delta: float('delta', 1) };
  }

  protected override get defaultName(): string {
    return 'huber_loss';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return huber(yTrue, yPred, this.delta);
  }

  /** Keras does not write `delta`, though it reads it: it is written only where it matters. */
  override getConfig(): Config {
    const { delta, ...rest } = super.getConfig();
    return delta === 1 ? rest : { ...rest, delta: delta! };
  }
}

export interface Huber extends HuberClass {}

/** Squared errors up to `delta`, absolute ones beyond. */
export const Huber: Construct<[delta?: number | HuberOptions, options?: HuberOptions], Huber> = /*#__PURE__*/ define(
  'Huber',
  HuberClass,
  {
    module: 'keras.losses',
  },
);
