/** `@ceratops/kernel-registry/regions`: how backends recognise the regions of scatter and select_and_scatter. */

export * from './assign-region.js';
export * from './comparator-direction.js';
