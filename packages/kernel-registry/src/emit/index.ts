/**
 * `@ceratops/kernel-registry/emit`: one function per op over any `Emitter`, for gradients, decompositions, passes and tests.
 * Import it as a namespace: `import * as emit from '@ceratops/kernel-registry/emit'`.
 */

export * from './broadcast-to.js';
export * from './calls.js';
export * from './composite.js';
export * from './constant.js';
export * from './contraction.js';
export * from './control.js';
export * from './dynamic-slice.js';
export * from './elementwise.js';
export * from './fold.js';
export * from './indexing.js';
export * from './movement.js';
export * from './numeric.js';
export * from './sort.js';
