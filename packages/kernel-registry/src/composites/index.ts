/**
 * `@ceratops/kernel-registry/composites`: our composites, one file each. Emit one with `emit.composite(emitter, softmax, [x], { axis })`;
 * that registers it, so that a bundle has only those it uses.
 *
 * `export *` throughout: esbuild keeps the file of a name that is re-exported by itself (docs/decisions/barrels-and-chunks.md).
 */

export * from './attention.js';
export * from './bounded-while.js';
export * from './builtin.js';
export * from './checkpoint.js';
export * from './erf.js';
export * from './erf-inv.js';
export * from './logistic.js';
export * from './relu.js';
export * from './rsqrt.js';
export type { ScanAttributes, ScanOperands, ScanResults } from './scan/attributes.js';
export * from './scan/scan.js';
export * from './softmax.js';
export * from './threefry.js';
