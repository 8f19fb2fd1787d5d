/** Loads and stores of every element type, one element or one vector at a time. */

import type { FunctionWriter } from '../wasm/function-writer.js';
import * as memoryLaneOp from '../wasm/memory-lane-op.js';
import * as memoryOp from '../wasm/memory-op.js';
import * as op from '../wasm/op.js';
import type { MemoryLaneOpcode } from '../wasm/opcodes.js';
import type { Helpers } from './helpers.js';
import { isHalf, isOddSized, type Scalar, scalarRows } from './scalar-types.js';
import type { Lanes } from './vector-ops.js';

/** Stack: address → value. */
export function emitLoad(f: FunctionWriter, helpers: Helpers, type: Scalar, offset = 0): void {
  f.memory(scalarRows[type].load, offset);
  if (isHalf(type)) helpers.late.scalars.unpack16(f, helpers, type);
}

/** Stack: address, value → nothing. */
export function emitStore(f: FunctionWriter, helpers: Helpers, type: Scalar, offset = 0): void {
  if (isHalf(type)) helpers.late.scalars.pack16(f, helpers, type);
  f.memory(scalarRows[type].store, offset);
}

/** Stack: address → vector of consecutive elements. */
export function emitVectorLoad(f: FunctionWriter, helpers: Helpers, type: Scalar, lanes: Lanes, offset: number): void {
  if (isOddSized(type) || lanes === 2) helpers.late.vectors.emitLoad(f, helpers, type, lanes, offset);
  else if (type === 'bool') {
    f.memory(memoryOp.v128Load32Zero, offset);
    f.op(op.i16x8ExtendLowI8x16U);
    f.op(op.i32x4ExtendLowI16x8U);
    f.op(op.i32x4Neg);
  } else f.memory(memoryOp.v128Load, offset);
}

const lowBytes = [0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12];

/** Stack: address, vector → nothing. */
export function emitVectorStore(f: FunctionWriter, helpers: Helpers, type: Scalar, lanes: Lanes, offset: number): void {
  if (isOddSized(type) || lanes === 2) helpers.late.vectors.emitStore(f, helpers, type, lanes, offset);
  else if (type === 'bool') {
    f.get(f.constant('i32x4', 1));
    f.op(op.v128And);
    emitPackedStore(f, lowBytes, memoryLaneOp.store32Lane, offset);
  } else f.memory(memoryOp.v128Store, offset);
}

/** Stack: address, vector → nothing; stores the first bytes of the shuffled vector. */
export function emitPackedStore(
  f: FunctionWriter,
  order: readonly number[],
  store: MemoryLaneOpcode,
  offset: number,
): void {
  const vector = f.local('v128');
  f.tee(vector);
  f.get(vector);
  f.shuffle(order);
  f.memoryLane(store, 0, offset);
  f.release('v128', vector);
}
