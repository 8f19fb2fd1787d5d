export * from './loop-ir.js';
export type * from './plan.js';
export type { Target } from './target.js';
