/** What the learning-rate schedules share. */

import type { Tensor, TensorLike } from '@ceratops/core';
import { floatx } from '../../engine/config.js';
import { Configurable } from '../../engine/configurable.js';
import { cast, convertToTensor } from '../../ops/core-ops.js';

/** From the number of steps done to a learning rate. */
export type Schedule = (step: TensorLike) => Tensor;

/** Schedules are called with the step. */
export interface LearningRateSchedule extends Schedule {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface adds the call signature that Callable makes true
export abstract class LearningRateSchedule extends Configurable {
  /** The learning rate after `step` steps, a float scalar. */
  protected abstract at(step: Tensor): Tensor;

  override invoke(step: TensorLike): Tensor {
    return this.at(cast(convertToTensor(step), floatx()));
  }
}
