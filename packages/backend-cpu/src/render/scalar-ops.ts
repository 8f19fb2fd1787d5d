/** WebAssembly for one scalar operation: operands on the stack, result on the stack. */

import type { UnaryFunction } from '@ceratops/compiler';
import type { BinaryOp, ComparisonDirection } from '@ceratops/kernel-registry';
import type { HostFunction } from '../program/host-functions.js';
import type { FunctionWriter } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { Helpers, VectorFunction } from './helpers.js';
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

export function emitCompare(f: FunctionWriter, helpers: Helpers, comparison: ComparisonDirection, type: Scalar): void {
  f.op(instructionsOf(scalarRows[type].family, helpers).compare[comparison]);
}

export function emitUnary(f: FunctionWriter, helpers: Helpers, name: UnaryFunction, type: Scalar): void {
  const { family } = scalarRows[type];
  const direct = instructionsOf(family, helpers).unary[name];
  if (direct !== undefined) f.op(direct);
  else if (family === 'f32' && name !== 'sign' && name !== 'is_finite') helpers.scalar(f, name as VectorFunction);
  else helpers.late.scalars.emitUnary(f, helpers, name, type);
}

export function emitBinary(f: FunctionWriter, helpers: Helpers, name: BinaryOp, type: Scalar): void {
  const { family, kind } = scalarRows[type];
  const direct = instructionsOf(family, helpers).binary[name];
  if (direct !== undefined) {
    f.op(direct);
    pushWrapped(f, helpers, type);
  } else if (kind === 'float') emitFloatBinary(f, helpers, name, family);
  else if (name === 'maximum' || name === 'minimum') emitIntegerExtreme(f, helpers, name, type);
  // Indices are never negative and never divided by zero.
  else if (type === 'index') f.op(name === 'divide' ? op.i32DivU : op.i32RemU);
  else if (name === 'shift_left' || name === 'shift_right_logical') emitShift(f, helpers, name, type);
  else helpers.late.scalars.emitIntegerBinary(f, helpers, name, type);
}

/** Through float64, where the host computes; rounding twice stays far within two units in the last place. */
function emitFloatBinary(f: FunctionWriter, helpers: Helpers, name: BinaryOp, width: string): void {
  const target = name === 'power' ? helpers.power() : helpers.host(name as HostFunction);
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

function emitIntegerExtreme(f: FunctionWriter, helpers: Helpers, name: 'maximum' | 'minimum', type: Scalar): void {
  const { wasm } = scalarRows[type];
  const [left, right] = [f.local(wasm), f.local(wasm)];
  f.set(right);
  f.tee(left);
  f.get(right);
  f.get(left);
  f.get(right);
  emitCompare(f, helpers, name === 'maximum' ? 'GT' : 'LT', type);
  f.op(op.select);
  f.release(wasm, left);
  f.release(wasm, right);
}

/** A shift by as many bits as the type has, or more, leaves 0. */
function emitShift(
  f: FunctionWriter,
  helpers: Helpers,
  name: 'shift_left' | 'shift_right_logical',
  type: Scalar,
): void {
  const { wasm, bits } = scalarRows[type];
  if (wasm !== 'i32' || (name === 'shift_right_logical' && isNarrow(type))) {
    helpers.late.scalars.emitShift(f, helpers, name, type);
    return;
  }
  const amount = f.local(wasm);
  f.tee(amount);
  f.op(name === 'shift_left' ? op.i32Shl : op.i32ShrU);
  f.i32(0);
  f.get(amount);
  f.i32(bits);
  f.op(op.i32LtU);
  f.op(op.select);
  pushWrapped(f, helpers, type);
  f.release(wasm, amount);
}
