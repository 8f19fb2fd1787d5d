/** What the constraints share. */

import type { Tensor } from '@ceratops/core';
import { Configurable } from '../engine/configurable.js';

/** A projection applied to a weight after each update. */
export type Constraint = (x: Tensor) => Tensor;

/** Constraints are called like functions. */
export interface ConstraintObject extends Constraint {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface adds the call signature that Callable makes true
export abstract class ConstraintObject extends Configurable {
  abstract override invoke(x: Tensor): Tensor;
}
