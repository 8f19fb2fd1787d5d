/** `keras.constraints`. */

export type { Constraint } from './constraint.js';
export {
  type AxisOptions,
  MaxNorm,
  type MaxNormOptions,
  MinMaxNorm,
  type MinMaxNormOptions,
  NonNeg,
  UnitNorm,
} from './constraints.js';
export { type ConstraintIdentifier, type ConstraintNames, constraints } from './family.js';
