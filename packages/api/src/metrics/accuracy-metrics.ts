/** Accuracies but that of the sparse loss, which load together. */

export * from './accuracy.js';
export * from './binary-accuracy.js';
export * from './categorical-accuracy.js';
