/** WebAssembly for one scalar operation: operands on the stack, result on the stack. */

import type { BinaryScalarOp, CompareOp, UnaryScalarOp } from '@ceratops/compiler';
import type { FunctionWriter } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { Helpers, HostFunction, VectorFunction } from './helpers.js';
import { instructionsOf } from './instructions.js';
import { isNarrow, type Scalar, type ScalarRow, scalarRows } from './scalar-types.js';

export function pushConstant(f: FunctionWriter, width: ScalarRow['wasm'], value: number | bigint): void {
  if (width === 'i32') f.i32(Number(typeof value === 'bigint' ? BigInt.asIntN(32, value) : value));
  else if (width === 'i64') f.i64(BigInt(value));
  else if (width === 'f32') f.f32(Number(value));
  else f.f64(Number(value));
}

/** Brings the i32 on the stack into the range of its type. */
export function pushWrapped(f: FunctionWriter, helpers: Helpers, type: Scalar): void {
  if (isNarrow(type)) helpers.late.scalars.wrap(f, type);
}

export function emitCompare(f: FunctionWriter, helpers: Helpers, comparison: CompareOp, type: Scalar): void {
  f.op(instructionsOf(scalarRows[type].family, helpers).compare[comparison]);
}

export function emitUnary(f: FunctionWriter, helpers: Helpers, name: UnaryScalarOp, type: Scalar): void {
  const { family } = scalarRows[type];
  const direct = instructionsOf(family, helpers).unary[name];
  if (direct !== undefined) f.op(direct);
  else if (family === 'f32' && name !== 'sign' && name !== 'isFinite') helpers.scalar(f, name as VectorFunction);
  else helpers.late.scalars.emitUnary(f, helpers, name, type);
}

export function emitBinary(f: FunctionWriter, helpers: Helpers, name: BinaryScalarOp, type: Scalar): void {
  const { family, kind } = scalarRows[type];
  const direct = instructionsOf(family, helpers).binary[name];
  if (direct !== undefined) {
    f.op(direct);
    pushWrapped(f, helpers, type);
  } else if (kind === 'float') emitFloatBinary(f, helpers, name, family);
  else if (name === 'max' || name === 'min') emitIntegerExtreme(f, helpers, name, type);
  // Indices are never negative and never divided by zero.
  else if (type === 'index') f.op(name === 'div' ? op.i32DivU : op.i32RemU);
  else if (name === 'shl' || name === 'shrLogical') emitShift(f, helpers, name, type);
  else helpers.late.scalars.emitIntegerBinary(f, helpers, name, type);
}

/** Through float64, where the host computes; rounding twice stays far within two units in the last place. */
function emitFloatBinary(f: FunctionWriter, helpers: Helpers, name: BinaryScalarOp, width: string): void {
  const target = name === 'pow' ? helpers.power() : helpers.host(name === 'rem' ? 'remainder' : (name as HostFunction));
  if (width === 'f64') {
    f.call(target);
    return;
  }
  const right = f.local('f32');
  f.set(right);
  f.op(op.f64PromoteF32);
  f.get(right);
  f.op(op.f64PromoteF32);
  f.call(target);
  f.op(op.f32DemoteF64);
  f.release('f32', right);
}

function emitIntegerExtreme(f: FunctionWriter, helpers: Helpers, name: 'max' | 'min', type: Scalar): void {
  const { wasm } = scalarRows[type];
  const [left, right] = [f.local(wasm), f.local(wasm)];
  f.set(right);
  f.tee(left);
  f.get(right);
  f.get(left);
  f.get(right);
  emitCompare(f, helpers, name === 'max' ? 'gt' : 'lt', type);
  f.op(op.select);
  f.release(wasm, left);
  f.release(wasm, right);
}

/** A shift by as many bits as the type has, or more, leaves 0. */
function emitShift(f: FunctionWriter, helpers: Helpers, name: 'shl' | 'shrLogical', type: Scalar): void {
  const { wasm, bits } = scalarRows[type];
  if (wasm !== 'i32' || (name === 'shrLogical' && isNarrow(type))) {
    helpers.late.scalars.emitShift(f, helpers, name, type);
    return;
  }
  const amount = f.local(wasm);
  f.tee(amount);
  f.op(name === 'shl' ? op.i32Shl : op.i32ShrU);
  f.i32(0);
  f.get(amount);
  f.i32(bits);
  f.op(op.i32LtU);
  f.op(op.select);
  pushWrapped(f, helpers, type);
  f.release(wasm, amount);
}
