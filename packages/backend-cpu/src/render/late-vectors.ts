/** Vector operations that few programs need: on types of other widths than 32 bits, lane by lane, and a few functions. */

import type { FunctionWriter } from '../wasm/function-writer.js';
import * as laneOp from '../wasm/lane-op.js';
import * as memoryOp from '../wasm/late-memory-op.js';
import * as op from '../wasm/late-op.js';
import * as memoryLaneOp from '../wasm/memory-lane-op.js';
import type { Helpers } from './helpers.js';
import { emitPackedStore } from './memory.js';
import { isHalf, isNarrow, type Scalar, scalarRows } from './scalar-types.js';
import { emitExtract as extract, type Lanes, emitReplace as replace } from './vector-ops.js';

/** Brings lanes into the range of a narrow integer type. */
export function wrap(f: FunctionWriter, type: Scalar): void {
  const { kind, bits } = scalarRows[type];
  if (kind === 'uint') {
    f.get(f.constant('i32x4', 2 ** bits - 1));
    f.op(op.v128And);
  } else {
    f.i32(32 - bits);
    f.op(op.i32x4Shl);
    f.i32(32 - bits);
    f.op(op.i32x4ShrS);
  }
}

/** Functions of four floats. */
export function emitUnary(f: FunctionWriter, name: 'sign' | 'is_finite'): void {
  if (name === 'sign') emitSign(f);
  else {
    f.op(op.f32x4Abs);
    f.get(f.constant('f32x4', Number.POSITIVE_INFINITY));
    f.op(op.f32x4Lt);
  }
}

/** ±1 by sign; zeros and NaN stay what they are. */
function emitSign(f: FunctionWriter): void {
  const x = f.local('v128');
  f.tee(x);
  f.get(f.constant('i32x4', -0x80000000));
  f.op(op.v128And);
  f.get(f.constant('f32x4', 1));
  f.op(op.v128Or);
  f.get(x);
  f.get(x);
  f.op(op.f32x4Abs);
  f.get(f.constant('f32x4', 0));
  f.op(op.f32x4Gt);
  f.op(op.v128Bitselect);
  f.release('v128', x);
}

/** A conversion from and to other types than bool, at least one of 8 or 16 bits. */
export function emitConvert(f: FunctionWriter, helpers: Helpers, from: Scalar, to: Scalar): void {
  const [source, target] = [scalarRows[from], scalarRows[to]];
  if (source.kind === 'float' && target.kind === 'float') emitRound16(f, helpers, to);
  else if (source.kind === 'float') {
    f.op(target.kind === 'int' ? op.i32x4TruncSatF32x4S : op.i32x4TruncSatF32x4U);
    if (isNarrow(to)) emitClamp(f, to);
  } else if (target.kind === 'float') {
    f.op(source.kind === 'int' ? op.f32x4ConvertI32x4S : op.f32x4ConvertI32x4U);
    emitRound16(f, helpers, to);
  } else if (isNarrow(to)) wrap(f, to);
}

function emitRound16(f: FunctionWriter, helpers: Helpers, type: Scalar): void {
  if (!isHalf(type)) return;
  emitPack16(f, helpers, type);
  emitUnpack16(f, helpers, type);
}

function emitPack16(f: FunctionWriter, helpers: Helpers, type: 'float16' | 'bfloat16'): void {
  helpers.vector(f, type === 'float16' ? 'float32ToFloat16' : 'float32ToBfloat16');
}

function emitUnpack16(f: FunctionWriter, helpers: Helpers, type: 'float16' | 'bfloat16'): void {
  helpers.vector(f, type === 'float16' ? 'float16ToFloat32' : 'bfloat16ToFloat32');
}

function emitClamp(f: FunctionWriter, type: Scalar): void {
  const { bits, kind } = scalarRows[type];
  if (kind === 'uint') {
    f.get(f.constant('i32x4', 2 ** bits - 1));
    f.op(op.i32x4MinU);
    return;
  }
  f.get(f.constant('i32x4', 2 ** (bits - 1) - 1));
  f.op(op.i32x4MinS);
  f.get(f.constant('i32x4', -(2 ** (bits - 1))));
  f.op(op.i32x4MaxS);
}

/** Stack: address → vector, for types of other widths and for two lanes. */
export function emitLoad(f: FunctionWriter, helpers: Helpers, type: Scalar, lanes: Lanes, offset: number): void {
  if (lanes === 2) {
    if (type === 'float64') f.memory(memoryOp.v128Load, offset);
    else emitBoolPair(f, offset);
  } else if (scalarRows[type].bytes === 2) {
    f.memory(type === 'int16' ? memoryOp.v128Load16x4S : memoryOp.v128Load16x4U, offset);
    if (isHalf(type)) emitUnpack16(f, helpers, type);
  } else {
    f.memory(memoryOp.v128Load32Zero, offset);
    f.op(type === 'int8' ? op.i16x8ExtendLowI8x16S : op.i16x8ExtendLowI8x16U);
    f.op(type === 'int8' ? op.i32x4ExtendLowI16x8S : op.i32x4ExtendLowI16x8U);
  }
}

/** Two bools as masks of 64 bits. */
function emitBoolPair(f: FunctionWriter, offset: number): void {
  f.memory(memoryOp.i32Load16U, offset);
  f.op(op.i32x4Splat);
  // Byte 0 to lanes 0 and 1, byte 1 to lanes 2 and 3; the rest from zeros.
  f.get(f.constant('i32x4', 0));
  f.shuffle([0, 16, 16, 16, 0, 16, 16, 16, 1, 16, 16, 16, 1, 16, 16, 16]);
  f.op(op.i32x4Neg);
}

/** Which bytes of a vector are elements of this many bytes. */
const order = {
  1: [0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12],
  2: [0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13],
};
const boolPair = [0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8];

/** Stack: address, vector → nothing; as `emitLoad`. */
export function emitStore(f: FunctionWriter, helpers: Helpers, type: Scalar, lanes: Lanes, offset: number): void {
  if (type === 'float64') f.memory(memoryOp.v128Store, offset);
  else if (lanes === 2) {
    f.get(f.constant('i32x4', 1));
    f.op(op.v128And);
    emitPackedStore(f, boolPair, memoryLaneOp.store16Lane, offset);
  } else {
    if (isHalf(type)) emitPack16(f, helpers, type);
    const bytes = scalarRows[type].bytes as 1 | 2;
    emitPackedStore(f, order[bytes], bytes === 1 ? memoryLaneOp.store32Lane : memoryLaneOp.store64Lane, offset);
  }
}

/** Stack: vector of two → scalar; of a bool, its mask. */
export function emitExtract(f: FunctionWriter, lane: number, type: Scalar): void {
  if (type === 'float64') f.lane(laneOp.f64x2Extract, lane);
  else f.lane(laneOp.i32x4Extract, lane * 2);
}

/** Stack: vector of two, scalar → vector with that lane replaced. */
export function emitReplace(f: FunctionWriter, lane: number, type: Scalar): void {
  if (type === 'float64') f.lane(laneOp.f64x2Replace, lane);
  else {
    f.op(op.i64ExtendI32U);
    f.i64(-1n);
    f.op(op.i64Mul);
    f.lane(laneOp.i64x2Replace, lane);
  }
}

/** Applies scalar code to each lane of the vectors on the stack. */
export function emitByLane(
  f: FunctionWriter,
  helpers: Helpers,
  operandTypes: readonly Scalar[],
  result: Scalar,
  lanes: Lanes,
  scalar: () => void,
): void {
  const operands = operandTypes.map(() => f.local('v128'));
  for (const operand of [...operands].reverse()) f.set(operand);
  f.get(operands[0]!);
  for (let lane = 0; lane < lanes; lane++) {
    operands.forEach((operand, i) => {
      extract(f, helpers, operand, lane, operandTypes[i]!, lanes);
    });
    scalar();
    replace(f, helpers, lane, result, lanes);
  }
  for (const operand of operands) f.release('v128', operand);
}
