/** `@ceratops/backend-cpu/wasm`: the WebAssembly encoder, for kernels of other packages. */

export { type FunctionIndex, FunctionWriter, type Local } from './function-writer.js';
export { type MemoryImport, ModuleWriter } from './module-writer.js';
export {
  type LaneOpcode,
  laneOp,
  type MemoryLaneOpcode,
  type MemoryOpcode,
  memoryLaneOp,
  memoryOp,
  type Opcode,
  op,
  type ValueType,
} from './opcodes.js';
