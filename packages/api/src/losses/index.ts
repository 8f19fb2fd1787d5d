/**
 * `keras.losses`: classes, and the same as functions that give a loss per sample.
 *
 * `export *` throughout: esbuild keeps this file, and with it every lazily loaded class, when one name is re-exported.
 */

export * from './base.js';
export * from './crossentropy-functions.js';
export * from './crossentropy-losses.js';
export * from './hinge-functions.js';
export * from './hinge-losses.js';
export type { PerSample } from './per-sample.js';
export type { Reduction } from './reduction.js';
export * from './regression-functions.js';
export * from './regression-losses.js';
export * from './sparse-categorical-crossentropy.js';
export type { LossIdentifier, LossNames } from './table.js';
