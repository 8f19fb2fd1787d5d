/** Loads and stores of every element type, one element or one vector at a time. */

import type { FunctionWriter } from '../wasm/function-writer.js';
import * as memoryLaneOp from '../wasm/memory-lane-op.js';
import * as memoryOp from '../wasm/memory-op.js';
import * as op from '../wasm/op.js';
import type { MemoryOpcode } from '../wasm/opcodes.js';
import type { Helpers } from './helpers.js';
import { emitPack16, emitUnpack16 } from './scalar-convert.js';
import { type Scalar, scalarRows } from './scalar-types.js';
import type { Lanes } from './vector-ops.js';

const loads: Record<Scalar, MemoryOpcode> = {
  index: memoryOp.i32Load,
  bool: memoryOp.i32Load8U,
  int8: memoryOp.i32Load8S,
  int16: memoryOp.i32Load16S,
  int32: memoryOp.i32Load,
  int64: memoryOp.i64Load,
  uint8: memoryOp.i32Load8U,
  uint16: memoryOp.i32Load16U,
  uint32: memoryOp.i32Load,
  uint64: memoryOp.i64Load,
  float16: memoryOp.i32Load16U,
  bfloat16: memoryOp.i32Load16U,
  float32: memoryOp.f32Load,
  float64: memoryOp.f64Load,
};

const stores: Record<Scalar, MemoryOpcode> = {
  index: memoryOp.i32Store,
  bool: memoryOp.i32Store8,
  int8: memoryOp.i32Store8,
  int16: memoryOp.i32Store16,
  int32: memoryOp.i32Store,
  int64: memoryOp.i64Store,
  uint8: memoryOp.i32Store8,
  uint16: memoryOp.i32Store16,
  uint32: memoryOp.i32Store,
  uint64: memoryOp.i64Store,
  float16: memoryOp.i32Store16,
  bfloat16: memoryOp.i32Store16,
  float32: memoryOp.f32Store,
  float64: memoryOp.f64Store,
};

/** Stack: address → value. */
export function emitLoad(f: FunctionWriter, helpers: Helpers, type: Scalar, offset = 0): void {
  f.memory(loads[type], offset);
  if (type === 'float16' || type === 'bfloat16') emitUnpack16(f, helpers, type);
}

/** Stack: address, value → nothing. */
export function emitStore(f: FunctionWriter, helpers: Helpers, type: Scalar, offset = 0): void {
  if (type === 'float16' || type === 'bfloat16') emitPack16(f, helpers, type);
  f.memory(stores[type], offset);
}

/** Stack: address → vector of consecutive elements. */
export function emitVectorLoad(f: FunctionWriter, helpers: Helpers, type: Scalar, lanes: Lanes, offset: number): void {
  if (lanes === 2) {
    if (type === 'float64') f.memory(memoryOp.v128Load, offset);
    else emitBoolPair(f, offset);
    return;
  }
  switch (scalarRows[type].bytes) {
    case 4:
      f.memory(memoryOp.v128Load, offset);
      return;
    case 2:
      f.memory(type === 'int16' ? memoryOp.v128Load16x4S : memoryOp.v128Load16x4U, offset);
      if (type === 'float16') helpers.vector(f, 'float16ToFloat32');
      if (type === 'bfloat16') helpers.vector(f, 'bfloat16ToFloat32');
      return;
    default:
      f.memory(memoryOp.v128Load32Zero, offset);
      f.op(type === 'int8' ? op.i16x8ExtendLowI8x16S : op.i16x8ExtendLowI8x16U);
      f.op(type === 'int8' ? op.i32x4ExtendLowI16x8S : op.i32x4ExtendLowI16x8U);
      if (type === 'bool') f.op(op.i32x4Neg);
  }
}

/** Two bools as masks of 64 bits. */
function emitBoolPair(f: FunctionWriter, offset: number): void {
  const address = f.local('i32');
  f.set(address);
  f.get(address);
  f.memory(memoryOp.i32Load16U, offset);
  f.op(op.i32x4Splat);
  // Byte 0 to lanes 0 and 1, byte 1 to lanes 2 and 3; the rest from zeros.
  f.get(f.constant('i32x4', 0));
  f.shuffle([0, 16, 16, 16, 0, 16, 16, 16, 1, 16, 16, 16, 1, 16, 16, 16]);
  f.op(op.i32x4Neg);
  f.release('i32', address);
}

const lowBytes = [0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12];
const lowPairs = [0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13];
const lowBytes2 = [0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8];

/** Stack: address, vector → nothing. */
export function emitVectorStore(f: FunctionWriter, helpers: Helpers, type: Scalar, lanes: Lanes, offset: number): void {
  if (type === 'bool') {
    f.get(f.constant('i32x4', 1));
    f.op(op.v128And);
  }
  if (type === 'float16') helpers.vector(f, 'float32ToFloat16');
  if (type === 'bfloat16') helpers.vector(f, 'float32ToBfloat16');
  const bytes = scalarRows[type].bytes * lanes;
  if (bytes === 16) {
    f.memory(memoryOp.v128Store, offset);
    return;
  }
  const vector = f.local('v128');
  f.tee(vector);
  f.get(vector);
  f.shuffle(lanes === 2 ? lowBytes2 : bytes === 4 ? lowBytes : lowPairs);
  const access = { 2: memoryLaneOp.store16Lane, 4: memoryLaneOp.store32Lane, 8: memoryLaneOp.store64Lane };
  f.memoryLane(access[bytes as 2 | 4 | 8], 0, offset);
  f.release('v128', vector);
}
