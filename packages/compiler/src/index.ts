/** `@ceratops/compiler`: from a validated Program to a Plan of loop kernels. */

export { type CompilerOptions, compileProgram, type Stage } from './compile.js';
export { type LateParts, LatePartsNeeded, needed } from './late-parts.js';
export {
  type BufferParameter,
  type Expression,
  itemVariable,
  type LoopKernel,
  type Operation,
  operandsOf,
  type ScalarType,
  type Statement,
  strideIn,
  type UnaryFunction,
} from './loop-ir.js';
export type {
  BufferIndex,
  BufferPlace,
  CaseStep,
  CopyStep,
  Epilogue,
  KernelStep,
  LibraryStep,
  Plan,
  PlanBuffer,
  PlanCall,
  RowsKernel,
  RowsStep,
  Step,
  WhileStep,
} from './plan.js';
export { floatBinaries, unaries } from './scalar-functions.js';
export type { Target } from './target.js';
