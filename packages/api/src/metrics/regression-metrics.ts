/** Metrics of numbers, which are small and load together; see docs/decisions/barrels-and-chunks.md. */

export * from './cosine-similarity.js';
export * from './kl-divergence.js';
export * from './log-cosh-error.js';
export * from './mean-absolute-error.js';
export * from './mean-absolute-percentage-error.js';
export * from './mean-squared-error.js';
export * from './mean-squared-logarithmic-error.js';
export * from './poisson.js';
export * from './root-mean-squared-error.js';
export * from './sum.js';
