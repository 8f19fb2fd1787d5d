import { define } from '../engine/define.js';
import { float, optional } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { OptimizerConstructor } from '../training/parts.js';
import { type AdamOptions, type AdamSettings, MomentOptimizer } from './moments.js';

class AdamWClass extends MomentOptimizer {
  static override table(): Table<AdamSettings> {
    return { ...MomentOptimizer.table(), weightDecay: { ...optional(float('weight_decay')), fallback: () => 0.004 } };
  }
}

export interface AdamW extends AdamWClass {}

/** Adam with weight decay, 0.004 by default. The learning rate is 0.001 by default. */
export const AdamW: OptimizerConstructor<AdamW, AdamOptions> = /*#__PURE__*/ define('AdamW', AdamWClass, {
  module: 'keras.optimizers',
});
