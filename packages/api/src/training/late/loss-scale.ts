/** Models in float16 are trained with scaled losses. */

import { LossScaleOptimizer } from '../../optimizers/loss-scale-optimizer.js';
import type { Optimizer } from '../../optimizers/optimizer.js';
import type { Compiled } from '../compile.js';

/** Wraps the optimizer of a `mixed_float16` model, unless it is wrapped or `compile` says otherwise. */
export function withLossScale(compiled: Compiled): void {
  const { options, optimizer } = compiled;
  if (options.autoScaleLoss === false || optimizer instanceof LossScaleOptimizer) return;
  compiled.optimizer = LossScaleOptimizer(optimizer as Optimizer, { name: 'loss_scale_optimizer' });
  compiled.given = optimizer;
}
