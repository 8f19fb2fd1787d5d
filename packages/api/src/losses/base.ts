/** What losses are made of. */

export { Loss, type LossArguments, type LossFunction, type LossOptions } from './loss.js';
export { LossFunctionWrapper } from './loss-function-wrapper.js';
