/**
 * What a page loads when it first compiles a program that needs it. It names a function of each entry of kernel-registry that the program
 * uses, so that bundlers which split chunks by entry keep those files together; see docs/decisions/late-parts.md.
 */
export { equalPrograms } from '@ceratops/kernel-registry';
export { bringDecompositions } from '@ceratops/kernel-registry/decompositions';
export { vjpRuleOf } from '@ceratops/kernel-registry/tracing';
