/** `@ceratops/backend-cpu/wasm`: the WebAssembly encoder, for kernels of other packages. */

export { type FunctionIndex, FunctionWriter, type Local } from './function-writer.js';
export * as laneOp from './lane-op.js';
export * as memoryOp from './late-memory-op.js';
export * as op from './late-op.js';
export * as memoryLaneOp from './memory-lane-op.js';
export { type MemoryImport, ModuleWriter } from './module-writer.js';
export type { LaneOpcode, MemoryLaneOpcode, MemoryOpcode, Opcode, ValueType } from './opcodes.js';
