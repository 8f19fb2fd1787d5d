import { define } from '../engine/define.js';
import type { OptimizerConstructor } from '../training/parts.js';
import { type AdamOptions, MomentOptimizer } from './moments.js';

class AdamClass extends MomentOptimizer {}

export interface Adam extends AdamClass {}

/** First and second moments of the gradients, corrected for their start. The learning rate is 0.001 by default. */
export const Adam: OptimizerConstructor<Adam, AdamOptions> = /*#__PURE__*/ define('Adam', AdamClass, {
  module: 'keras.optimizers',
});
