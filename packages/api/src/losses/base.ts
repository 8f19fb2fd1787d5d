/** What losses are made of. */

export { Loss, type LossFunction, LossFunctionWrapper, type LossOptions } from './loss.js';
