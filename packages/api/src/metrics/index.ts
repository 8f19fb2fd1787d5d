/**
 * `keras.metrics`: classes, and functions that give a value per sample.
 *
 * `export *` throughout: esbuild keeps this file, and with it every lazily loaded class, when one name is re-exported.
 */

export * from './accuracy.js';
export * from './accuracy-functions.js';
export * from './auc.js';
export * from './base.js';
export * from './binary-accuracy.js';
export * from './binary-crossentropy.js';
export * from './categorical-accuracy.js';
export * from './categorical-crossentropy.js';
export * from './categorical-hinge.js';
export type { ClassOptions, ThresholdOptions } from './confusion-metric.js';
export * from './cosine-similarity.js';
export * from './counts.js';
export * from './hinge.js';
export * from './kl-divergence.js';
export * from './log-cosh-error.js';
export * from './mean-absolute-error.js';
export * from './mean-absolute-percentage-error.js';
export * from './mean-squared-error.js';
export * from './mean-squared-logarithmic-error.js';
export * from './poisson.js';
export * from './precision.js';
export * from './recall.js';
export * from './root-mean-squared-error.js';
export * from './sparse-categorical-accuracy.js';
export * from './sparse-categorical-crossentropy.js';
export * from './sparse-top-k-categorical-accuracy.js';
export * from './squared-hinge.js';
export * from './sum.js';
export type { MetricIdentifier, MetricNames } from './table.js';
export * from './top-k-categorical-accuracy.js';
export * from './top-k-functions.js';
