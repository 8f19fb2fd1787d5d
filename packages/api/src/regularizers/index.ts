/** `keras.regularizers`. */

export { type RegularizerIdentifier, type RegularizerNames, regularizers } from './family.js';
export { L1, L1L2, type L1L2Options, L2 } from './norms.js';
export { type OrthogonalMode, type OrthogonalOptions, OrthogonalRegularizer } from './orthogonal.js';
export type { Regularizer } from './regularizer.js';
