/** Profiles, and explanations of programs: late parts. */

export { explain } from './explain.js';
export { profile } from './profiler.js';
