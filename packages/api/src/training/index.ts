/** What models load when they are first trained, evaluated or asked: one chunk, since its parts share nearly all they use. */

export { evaluate } from './evaluate.js';
export { fit } from './fit.js';
export { predictOnBatch, testOnBatch, trainOnBatch } from './on-batch.js';
export { predict } from './predict.js';
export { resolveOptimizerOf } from './prepare.js';
