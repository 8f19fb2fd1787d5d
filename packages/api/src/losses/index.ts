/**
 * `keras.losses`: classes, and the same as functions that give a loss per sample.
 *
 * `export *` throughout: esbuild keeps this file, and with it every lazily loaded class, when one name is re-exported.
 */

export * from './base.js';
export * from './binary-crossentropy.js';
export * from './binary-focal-crossentropy.js';
export * from './categorical-crossentropy.js';
export * from './categorical-focal-crossentropy.js';
export * from './categorical-hinge.js';
export * from './cosine-similarity.js';
export * from './crossentropy-functions.js';
export * from './hinge.js';
export * from './hinge-functions.js';
export * from './huber.js';
export * from './kl-divergence.js';
export * from './log-cosh.js';
export * from './mean-absolute-error.js';
export * from './mean-absolute-percentage-error.js';
export * from './mean-squared-error.js';
export * from './mean-squared-logarithmic-error.js';
export type { PerSample } from './per-sample.js';
export * from './poisson.js';
export type { Reduction } from './reduction.js';
export * from './regression-functions.js';
export * from './sparse-categorical-crossentropy.js';
export * from './squared-hinge.js';
export type { LossIdentifier, LossNames } from './table.js';
