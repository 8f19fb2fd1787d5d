/** What optimizers are made of. */

export { type DecayExclusion, Optimizer, type OptimizerConstructor } from './optimizer.js';
