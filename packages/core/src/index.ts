/** `@ceratops/core`: tensors, state, transformations and the choice of a backend. */

// Everyone.
export {
  type BackendOptions,
  closeBackend,
  getBackend,
  memory,
  setBackend,
  useBackend,
} from './engine/default-engine.js';
export type { EngineOptions } from './engine/engine.js';
export { defaultSlackBytes, type MemoryBudget } from './engine/memory.js';
export type { ChromeTrace, ChromeTraceEvent } from './profile/chrome-trace.js';
export { Profile, profile } from './profile/profile.js';
export { asTensor, broadcastShapes, promote, promoteTypes, type TensorLike, type WeakType } from './promotion.js';
export { dtypesOfArrays, type NestedArray, type TensorData } from './tensor/host-data.js';
export { borrow, isTensor, Tensor, tensor } from './tensor/tensor.js';
export * from './transform/checkpoint.js';
export { type CustomGradientFunction, customGradient, stopGradient } from './transform/custom-gradient.js';
export { type GradOptions, grad, valueAndGrad, valueAndGradVariables, vjp } from './transform/gradient.js';
export { type JitOptions, jit } from './transform/jit.js';
export * from './transform/jvp.js';
export { evalShape, makeProgram } from './transform/trace.js';
export * from './transform/vectorized-map.js';
export type { Tree, TreeSpec } from './tree.js';
export { isVariable, Variable, type VariableOptions } from './variable.js';
