/** Constraints by name. */

import { objectFamily } from '../engine/object-family.js';
import type { Resolver } from '../engine/rows.js';
import type { AnyClass } from '../saving/class-registry.js';
import type { Constraint } from './constraint.js';
import { MaxNorm, MinMaxNorm, NonNeg, UnitNorm } from './constraints.js';

/** The names that Keras knows; augment it to have your own completed. */
export interface ConstraintNames {
  max_norm: true;
  min_max_norm: true;
  non_neg: true;
  unit_norm: true;
}

/** A constraint: its name, or any function from a weight to a weight. */
export type ConstraintIdentifier = keyof ConstraintNames | (string & {}) | Constraint;

export const constraints: Resolver<Constraint> = /*#__PURE__*/ objectFamily<Constraint>('constraint', () => {
  return { MaxNorm, MinMaxNorm, NonNeg, UnitNorm } as unknown as { readonly [name: string]: AnyClass };
});
