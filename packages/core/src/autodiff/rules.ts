/** One reverse-mode rule per op, by family. */
import type { OpName } from '@ceratops/kernel-registry';
import { contractionRules } from './contraction.js';
import { binaryRules, typingRules, unaryRules } from './elementwise.js';
import { indexingRules } from './indexing.js';
import { movementRules } from './movement.js';
import { numericRules } from './numeric.js';
import { reductionRules } from './reduction.js';
import type { VjpRule } from './rule.js';
import { structureRules } from './structure.js';

export type VjpRules = { readonly [O in OpName]: VjpRule<O> };

export const vjpRules: VjpRules = {
  ...unaryRules,
  ...binaryRules,
  ...typingRules,
  ...movementRules,
  ...indexingRules,
  ...contractionRules,
  ...reductionRules,
  ...numericRules,
  ...structureRules,
};
