/** The reverse-mode rules that every program may need; the other ops bring theirs (see `rules.ts`). */
import type { BaseOp } from '../rules.js';
import { complexVjp } from './complex.js';
import { contractionVjp } from './contraction.js';
import { binaryVjp, typingVjp, unaryVjp } from './elementwise.js';
import { movementVjp } from './movement.js';
import { reductionVjp } from './reduction.js';
import { unsupported, type VjpRules, zero } from './rule.js';

const structureVjp: VjpRules<'constant' | 'iota' | 'composite'> = {
  constant: zero,
  iota: zero,
  composite: unsupported(
    'composite',
    'a composite is differentiated by its own rule or its decomposition',
    'use record',
  ),
};

export const baseVjp: VjpRules<BaseOp> = {
  ...unaryVjp,
  ...binaryVjp,
  ...typingVjp,
  ...complexVjp,
  ...movementVjp,
  ...contractionVjp,
  ...reductionVjp,
  ...structureVjp,
};
