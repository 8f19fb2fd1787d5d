/** `@ceratops/api/utils`. */

export { clearSession } from '../engine/clear-session.js';
export { setRandomSeed } from '../engine/random-state.js';
export { setTextStream, type TextStream } from './output.js';
export { ProgressBar, type ProgressBarOptions } from './progress-bar.js';
export type { ProgressOptions } from './progress-line.js';
export { toCategorical } from './to-categorical.js';
