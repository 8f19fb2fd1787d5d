/** All built-in classes and ops that files name; loaded when a file names one that the program does not hold. */

export { InputLayer } from '../engine/input.js';
export { Model } from '../engine/model.js';
export { Sequential } from '../engine/sequential.js';
export * from '../layers/index.js';
export * from '../optimizers/schedules/index.js';
export * as moreOps from './loadable-ops.js';
