/** `@ceratops/compiler/debug`: printing, checking and dumping the compiler's stages; no bundle pays for it unasked. */

export { type PeakMemory, peakMemory } from './peak-memory.js';
export { printExpression, printKernel, printPlan } from './print.js';
export { environmentInspector, inspector, printStage, type StageSink, verifyStage } from './stages.js';
export { verifyPlan } from './verify.js';
