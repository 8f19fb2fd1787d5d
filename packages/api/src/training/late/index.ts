/**
 * What training loads when a call asks for it: other data than plain arrays, callbacks and the progress bar, single batches,
 * losses and metrics that are not named. One chunk, since each `import()` divides what it shares with the rest again.
 */

// Nobody asks for it here. It reaches all that a model consists of, so what this chunk and models share stays one chunk.
export { Sequential } from '../../engine/sequential.js';
export { withCallbacks } from './callbacks.js';
export { withClassWeights } from './class-weights.js';
export { compileOptionsFromConfig } from './compile-options.js';
export { datasetSource, datasetSources } from './datasets.js';
export { epochsOf } from './epochs.js';
export { evaluate } from './evaluate.js';
export { toLoss, toMetric, toOptimizer } from './identifiers.js';
export { withLossScale } from './loss-scale.js';
export { readNested } from './nested-arrays.js';
export { predictOnBatch, resolveOptimizerOf, testOnBatch, trainOnBatch } from './on-batch.js';
export { readSampleWeight, readTree } from './read-tree.js';
export { readValidation } from './validation.js';
