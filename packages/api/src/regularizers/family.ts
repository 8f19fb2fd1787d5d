/** Regularizers by name. */

import { objectFamily } from '../engine/object-family.js';
import type { Resolver } from '../engine/rows.js';
import type { AnyClass } from '../saving/class-registry.js';
import { L1, L1L2, L2 } from './norms.js';
import { OrthogonalRegularizer } from './orthogonal.js';
import type { Regularizer } from './regularizer.js';

/** The names that Keras knows; augment it to have your own completed. */
export interface RegularizerNames {
  l1: true;
  l1_l2: true;
  l2: true;
  orthogonal_regularizer: true;
}

/** A regularizer: its name, or any function from a tensor to a penalty. */
export type RegularizerIdentifier = keyof RegularizerNames | (string & {}) | Regularizer;

export const regularizers: Resolver<Regularizer> = /*#__PURE__*/ objectFamily<Regularizer>('regularizer', () => {
  return { L1, L2, L1L2, OrthogonalRegularizer } as unknown as { readonly [name: string]: AnyClass };
});
