/** `@ceratops/core/primitives`: one function per op of the opset, strict: equal dtypes and shapes, no broadcasting. */

export type { Region } from '../transform/region.js';
export * from './associative-scan.js';
export type { Body } from './bodies.js';
export * from './calls.js';
export * from './checkpointed-scan.js';
export * from './composite.js';
export * from './contraction.js';
export * from './control.js';
export * from './dynamic-slice.js';
export * from './elementwise.js';
export * from './fold.js';
export * from './indexing.js';
export * from './movement.js';
export * from './numeric.js';
export * from './scan.js';
export * from './sort.js';
export * from './unrolled-scan.js';
