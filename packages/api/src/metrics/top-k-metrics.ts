/** The top-k accuracies, which load together. */

export * from './sparse-top-k-categorical-accuracy.js';
export * from './top-k-categorical-accuracy.js';
