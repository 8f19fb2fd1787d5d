/** Several threads: late parts, for a page that computes by itself has but its own. */

export { ThreadPool, threadCount } from './pool.js';
export { SharedSteps } from './shared-steps.js';
