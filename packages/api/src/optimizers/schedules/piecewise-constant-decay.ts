import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Construct } from '../../engine/construct.js';
import { define } from '../../engine/define.js';
import { json } from '../../engine/list-rows.js';
import { string } from '../../engine/rows.js';
import type { Json, Table } from '../../engine/table.js';
import { lessEqual, where } from '../../ops/logic.js';
import { LearningRateSchedule } from './schedule.js';

export interface PiecewiseConstantDecayOptions {
  readonly name?: string | undefined;
}

class PiecewiseConstantDecayClass extends LearningRateSchedule {
  declare readonly boundaries: readonly number[];
  declare readonly values: readonly number[];

  static override table(): Table<{ boundaries: Json; values: Json; name: string }> {
    return { boundaries: json('boundaries'), values: json('values'), name: string('name', 'PiecewiseConstant') };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    const { boundaries, values } = this;
    if (values.length === boundaries.length + 1) return;
    throw new CeratopsError('INVALID_ARGUMENT', 'there must be one more value than boundaries', {
      subject: 'PiecewiseConstantDecay',
      expected: `${boundaries.length + 1} values`,
      received: `${values.length}`,
    });
  }

  protected override at(step: Tensor): Tensor {
    const { boundaries, values } = this;
    return boundaries.reduceRight<Tensor | number>(
      (later, boundary, i) => where(lessEqual(step, boundary), values[i]!, later),
      values.at(-1)!,
    ) as Tensor;
  }
}

export interface PiecewiseConstantDecay extends PiecewiseConstantDecayClass {}

/** `values[i]` up to and including step `boundaries[i]`, then the last value. */
export const PiecewiseConstantDecay: Construct<
  [boundaries: readonly number[], values: readonly number[], options?: PiecewiseConstantDecayOptions],
  PiecewiseConstantDecay
> = /*#__PURE__*/ define('PiecewiseConstantDecay', PiecewiseConstantDecayClass, {
  module: 'keras.optimizers.schedules',
});
