/**
 * WebAssembly for one operation on vectors: operands on the stack, result on the stack. Four lanes hold types of up to 32
 * bits, each in 32; two lanes hold float64. bool is a mask, all ones or all zeros in its lane.
 */

import type { UnaryFunction } from '@ceratops/compiler';
import type { BinaryOp, ComparisonDirection } from '@ceratops/kernel-registry';
import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as laneOp from '../wasm/lane-op.js';
import * as op from '../wasm/op.js';
import type { Opcode } from '../wasm/opcodes.js';
import type { Helpers, VectorFunction } from './helpers.js';
import { isNarrow, isOddSized, type Scalar, scalarRows } from './scalar-types.js';
import { familyOf, vectorInstructionsOf } from './vector-instructions.js';

export type Lanes = 2 | 4;

/** True when vectors of `lanes` lanes can hold the type. */
export function fitsLanes(type: Scalar, lanes: Lanes): boolean {
  if (type === 'bool') return true;
  return lanes === 4 ? scalarRows[type].bits <= 32 : type === 'float64';
}

export function hasVectorBinary(helpers: Helpers, name: BinaryOp, type: Scalar): boolean {
  return vectorInstructionsOf(type, helpers).binary[name] !== undefined;
}

/** For what `hasVectorBinary`. */
export function emitVectorBinary(f: FunctionWriter, helpers: Helpers, name: BinaryOp, type: Scalar): void {
  f.op(vectorInstructionsOf(type, helpers).binary[name]!);
  pushWrapped(f, helpers, type);
}

function pushWrapped(f: FunctionWriter, helpers: Helpers, type: Scalar): void {
  if (isNarrow(type)) helpers.late.vectors.wrap(f, type);
}

/** A shift of full-width integers by one constant amount below 32. */
export function emitVectorShift(f: FunctionWriter, name: BinaryOp, amount: number): void {
  f.i32(amount);
  f.op(name === 'shift_left' ? op.i32x4Shl : name === 'shift_right_logical' ? op.i32x4ShrU : op.i32x4ShrS);
}

export function emitVectorCompare(
  f: FunctionWriter,
  helpers: Helpers,
  comparison: ComparisonDirection,
  type: Scalar,
): void {
  f.op(vectorInstructionsOf(type, helpers).compare[comparison]);
}

/** What has no instruction of its own is a function of four floats. */
export function hasVectorUnary(helpers: Helpers, name: UnaryFunction, type: Scalar): boolean {
  return familyOf(type) === 'f32' || vectorInstructionsOf(type, helpers).unary[name] !== undefined;
}

/** WebAssembly's own instructions for these make the mask anew each time. */
const signOps: { readonly [O in UnaryFunction]?: { readonly mask: number; readonly op: Opcode } } = {
  abs: { mask: 0x7fffffff, op: op.v128And },
  negate: { mask: -0x80000000, op: op.v128Xor },
};

/** For what `hasVectorUnary`. */
export function emitVectorUnary(f: FunctionWriter, helpers: Helpers, name: UnaryFunction, type: Scalar): void {
  const opcode = vectorInstructionsOf(type, helpers).unary[name];
  const sign = signOps[name];
  if (opcode !== undefined) {
    f.op(opcode);
    pushWrapped(f, helpers, type);
  } else if (sign !== undefined) {
    f.get(f.constant('i32x4', sign.mask));
    f.op(sign.op);
  } else if (name === 'sign' || name === 'is_finite') helpers.late.vectors.emitUnary(f, name);
  else helpers.vector(f, name as VectorFunction);
}

export function hasVectorConvert(from: Scalar, to: Scalar, lanes: Lanes): boolean {
  return lanes === 4 || from === to;
}

/** Four lanes only, both types of up to 32 bits. */
export function emitVectorConvert(f: FunctionWriter, helpers: Helpers, from: Scalar, to: Scalar): void {
  if (from === to) return;
  const [source, target] = [scalarRows[from], scalarRows[to]];
  if (target.kind === 'bool') {
    f.get(f.constant('i32x4', 0));
    f.op(source.kind === 'float' ? op.f32x4Ne : op.i32x4Ne);
  } else if (source.kind === 'bool') {
    f.get(f.constant(target.kind === 'float' ? 'f32x4' : 'i32x4', 1));
    f.op(op.v128And);
  } else if (isOddSized(from) || isOddSized(to)) helpers.late.vectors.emitConvert(f, helpers, from, to);
  else if (source.kind === 'float') f.op(target.kind === 'int' ? op.i32x4TruncSatF32x4S : op.i32x4TruncSatF32x4U);
  else if (target.kind === 'float') f.op(source.kind === 'int' ? op.f32x4ConvertI32x4S : op.f32x4ConvertI32x4U);
}

/** Pushes all lanes equal to the scalar on the stack. */
export function emitSplat(f: FunctionWriter, type: Scalar): void {
  const family = familyOf(type);
  if (family === 'bool') {
    f.i32(-1);
    f.op(op.i32Mul);
  }
  f.op(family === 'f32' ? op.f32x4Splat : family === 'f64' ? op.f64x2Splat : op.i32x4Splat);
}

/** Pushes one lane of a vector as a scalar. */
export function emitExtract(
  f: FunctionWriter,
  helpers: Helpers,
  vector: Local,
  lane: number,
  type: Scalar,
  lanes: Lanes,
): void {
  f.get(vector);
  if (lanes === 2) helpers.late.vectors.emitExtract(f, lane, type);
  else f.lane(familyOf(type) === 'f32' ? laneOp.f32x4Extract : laneOp.i32x4Extract, lane);
  if (type !== 'bool') return;
  f.i32(1);
  f.op(op.i32And);
}

/** Stack: vector, scalar → vector with that lane replaced. */
export function emitReplace(f: FunctionWriter, helpers: Helpers, lane: number, type: Scalar, lanes: Lanes): void {
  if (lanes === 2) {
    helpers.late.vectors.emitReplace(f, lane, type);
    return;
  }
  if (type === 'bool') {
    f.i32(-1);
    f.op(op.i32Mul);
  }
  f.lane(familyOf(type) === 'f32' ? laneOp.f32x4Replace : laneOp.i32x4Replace, lane);
}
