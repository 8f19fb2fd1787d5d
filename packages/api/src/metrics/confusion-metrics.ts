/** Metrics from a confusion matrix, which load together. */

export * from './auc.js';
export * from './counts.js';
export * from './precision.js';
export * from './recall.js';
