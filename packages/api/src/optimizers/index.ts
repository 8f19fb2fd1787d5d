/**
 * `keras.optimizers`.
 *
 * `export *` throughout: esbuild keeps this file, and with it every lazily loaded class, when one name is re-exported.
 */

export * from './adadelta.js';
export * from './adagrad.js';
export * from './adam.js';
export * from './adamax.js';
export * from './adamw.js';
export * from './base.js';
export * from './lion.js';
export * from './loss-scale-optimizer.js';
export type { AdamOptions } from './moments.js';
export * from './nadam.js';
export type { SlotOptions } from './optimizer.js';
export type { LearningRate, OptimizerOptions, OptimizerSettings } from './options.js';
export * from './rmsprop.js';
export * as schedules from './schedules/index.js';
export * from './sgd.js';
export type { OptimizerIdentifier, OptimizerNames } from './table.js';
