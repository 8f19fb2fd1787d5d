/** What the regularizers share. */

import type { Tensor } from '@ceratops/core';
import { Configurable } from '../engine/configurable.js';

/** A function from a weight or an output to a scalar penalty. */
export type Regularizer = (x: Tensor) => Tensor;

/** Regularizers are called like functions. */
export interface RegularizerObject extends Regularizer {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface adds the call signature that Callable makes true
export abstract class RegularizerObject extends Configurable {
  abstract override invoke(x: Tensor): Tensor;
}
