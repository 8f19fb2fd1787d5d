/** `keras.optimizers`. */

export { Adadelta, type AdadeltaOptions } from './adadelta.js';
export { Adagrad, type AdagradOptions } from './adagrad.js';
export { Adam } from './adam.js';
export { Adamax, type AdamaxOptions } from './adamax.js';
export { AdamW } from './adamw.js';
export { Lion, type LionOptions } from './lion.js';
export type { AdamOptions } from './moments.js';
export { Nadam, type NadamOptions } from './nadam.js';
export { type DecayExclusion, Optimizer, type OptimizerConstructor } from './optimizer.js';
export type { LearningRate, OptimizerOptions } from './options.js';
export { RMSprop, type RMSpropOptions } from './rmsprop.js';
export * as schedules from './schedules/index.js';
export { SGD, type SGDOptions } from './sgd.js';
export type { OptimizerIdentifier, OptimizerNames } from './table.js';
