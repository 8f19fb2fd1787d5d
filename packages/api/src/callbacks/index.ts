/** `@ceratops/api/callbacks`. */

export type { Logs } from '../engine/model.js';
export { Callback, type CallbackLike, type CallbackParameters } from './callback.js';
export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.js';
export { History } from './history.js';
export { LambdaCallback, type LambdaCallbackOptions } from './lambda-callback.js';
export { ModelCheckpoint, type ModelCheckpointOptions } from './model-checkpoint.js';
export type { MonitorMode, MonitorOptions } from './monitor.js';
export { ProgressBarLogger } from './progress-bar-logger.js';
export { TerminateOnNaN, type TerminateOnNaNOptions } from './terminate-on-nan.js';
