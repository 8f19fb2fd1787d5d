/** `@ceratops/compiler/interpreter`: plans in plain JavaScript, for tests and for hosts without WebAssembly. */

export { interpretKernel, type KernelFunction } from './loop-ir-interpreter.js';
export { type RunOptions, runPlan } from './run-plan.js';
