/** The table of functions whose gradients are checked: every differentiable op, in every form that has its own path. */

import type { GradientCase } from './case.js';
import { attentionCases } from './cases-attention.js';
import { contractionCases } from './cases-contraction.js';
import { elementwiseCases } from './cases-elementwise.js';
import { movementCases } from './cases-movement.js';
import { numericCases } from './cases-numeric.js';
import { reductionCases } from './cases-reduction.js';
import { structureCases } from './cases-structure.js';

export const gradientCases: readonly GradientCase[] = [
  ...elementwiseCases,
  ...movementCases,
  ...contractionCases,
  ...reductionCases,
  ...numericCases,
  ...structureCases,
  ...attentionCases,
];
