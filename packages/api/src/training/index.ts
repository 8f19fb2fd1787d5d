/** Training, evaluation and prediction: what the methods of models do. */

export { evaluate } from './evaluate.js';
export { fit } from './fit.js';
export { predictOnBatch, testOnBatch, trainOnBatch } from './on-batch.js';
export { predict } from './predict.js';
export { resolveOptimizerOf } from './prepare.js';
