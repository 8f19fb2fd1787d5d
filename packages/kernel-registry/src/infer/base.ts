/** The type rules that every program may need; the other ops bring theirs (see `rules.ts`). */

import type { BaseOp } from '../rules.js';
import { compositeInfer } from './composite.js';
import { contractionInfer } from './contraction.js';
import { elementwiseInfer } from './elementwise.js';
import { movementInfer } from './movement.js';
import { reductionInfer } from './reduction.js';
import type { InferRules } from './rule.js';

export const baseInfer: InferRules<BaseOp> = {
  ...elementwiseInfer,
  ...movementInfer,
  ...contractionInfer,
  ...reductionInfer,
  ...compositeInfer,
};
