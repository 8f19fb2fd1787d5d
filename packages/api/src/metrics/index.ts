/**
 * `keras.metrics`: classes, and functions that give a value per sample.
 *
 * `export *` throughout: esbuild keeps this file, and with it every lazily loaded class, when one name is re-exported.
 */

export * from './accuracy-functions.js';
export * from './accuracy-metrics.js';
export * from './base.js';
export type { ClassOptions, ThresholdOptions } from './confusion-metric.js';
export * from './confusion-metrics.js';
export * from './crossentropy-metrics.js';
export * from './hinge-metrics.js';
export * from './regression-metrics.js';
export * from './sparse-categorical-accuracy.js';
export * from './sparse-categorical-crossentropy.js';
export type { MetricIdentifier, MetricNames } from './table.js';
export * from './top-k-functions.js';
export * from './top-k-metrics.js';
