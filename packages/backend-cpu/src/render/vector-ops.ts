/**
 * WebAssembly for one operation on vectors: operands on the stack, result on the stack. Four lanes hold types of up to 32
 * bits, each in 32; two lanes hold float64. bool is a mask, all ones or all zeros in its lane. Functions answer false
 * where there is no vector code; the caller then goes lane by lane.
 */

import type { BinaryScalarOp, CompareOp, UnaryScalarOp } from '@ceratops/compiler';
import type { FunctionWriter, Local } from '../wasm/function-writer.js';
import * as laneOp from '../wasm/lane-op.js';
import * as op from '../wasm/op.js';
import type { Opcode } from '../wasm/opcodes.js';
import type { Helpers, VectorFunction } from './helpers.js';
import { isNarrow, type Scalar, scalarRows } from './scalar-types.js';

export type Lanes = 2 | 4;

/** What a vector of this type is to the instruction set. */
type VectorKind = 'f32' | 'f64' | 'int' | 'uint' | 'mask4' | 'mask2';

function kindOf(type: Scalar, lanes: Lanes): VectorKind {
  const { kind, wasm } = scalarRows[type];
  if (kind === 'bool') return lanes === 4 ? 'mask4' : 'mask2';
  if (kind === 'float') return wasm === 'f64' ? 'f64' : 'f32';
  return kind;
}

/** True when vectors of `lanes` lanes can hold the type. */
export function fitsLanes(type: Scalar, lanes: Lanes): boolean {
  if (type === 'bool') return true;
  return lanes === 4 ? scalarRows[type].bits <= 32 : type === 'float64';
}

const maskOps: Partial<Record<BinaryScalarOp, Opcode>> = {
  add: op.v128Or,
  or: op.v128Or,
  max: op.v128Or,
  mul: op.v128And,
  and: op.v128And,
  min: op.v128And,
  xor: op.v128Xor,
  sub: op.v128Xor,
};

const integerOps: Partial<Record<BinaryScalarOp, Opcode>> = {
  add: op.i32x4Add,
  sub: op.i32x4Sub,
  mul: op.i32x4Mul,
  and: op.v128And,
  or: op.v128Or,
  xor: op.v128Xor,
};

const binaryOps: Record<VectorKind, Partial<Record<BinaryScalarOp, Opcode>>> = {
  f32: {
    add: op.f32x4Add,
    sub: op.f32x4Sub,
    mul: op.f32x4Mul,
    div: op.f32x4Div,
    max: op.f32x4Max,
    min: op.f32x4Min,
  },
  f64: {
    add: op.f64x2Add,
    sub: op.f64x2Sub,
    mul: op.f64x2Mul,
    div: op.f64x2Div,
    max: op.f64x2Max,
    min: op.f64x2Min,
  },
  int: { ...integerOps, max: op.i32x4MaxS, min: op.i32x4MinS },
  uint: { ...integerOps, max: op.i32x4MaxU, min: op.i32x4MinU },
  mask4: maskOps,
  mask2: maskOps,
};

export function hasVectorBinary(name: BinaryScalarOp, type: Scalar, lanes: Lanes): boolean {
  return binaryOps[kindOf(type, lanes)][name] !== undefined;
}

export function emitVectorBinary(f: FunctionWriter, name: BinaryScalarOp, type: Scalar, lanes: Lanes): boolean {
  const opcode = binaryOps[kindOf(type, lanes)][name];
  if (opcode === undefined) return false;
  f.op(opcode);
  pushWrappedVector(f, type);
  return true;
}

function pushWrappedVector(f: FunctionWriter, type: Scalar): void {
  if (!isNarrow(type)) return;
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

/** A shift of full-width integers by one constant amount below 32. */
export function emitVectorShift(f: FunctionWriter, name: BinaryScalarOp, amount: number): void {
  f.i32(amount);
  f.op(name === 'shl' ? op.i32x4Shl : name === 'shrLogical' ? op.i32x4ShrU : op.i32x4ShrS);
}

const comparisons: Record<VectorKind, Partial<Record<CompareOp, Opcode>>> = {
  f32: {
    eq: op.f32x4Eq,
    ne: op.f32x4Ne,
    lt: op.f32x4Lt,
    le: op.f32x4Le,
    gt: op.f32x4Gt,
    ge: op.f32x4Ge,
  },
  f64: {
    eq: op.f64x2Eq,
    ne: op.f64x2Ne,
    lt: op.f64x2Lt,
    le: op.f64x2Le,
    gt: op.f64x2Gt,
    ge: op.f64x2Ge,
  },
  int: {
    eq: op.i32x4Eq,
    ne: op.i32x4Ne,
    lt: op.i32x4LtS,
    le: op.i32x4LeS,
    gt: op.i32x4GtS,
    ge: op.i32x4GeS,
  },
  uint: {
    eq: op.i32x4Eq,
    ne: op.i32x4Ne,
    lt: op.i32x4LtU,
    le: op.i32x4LeU,
    gt: op.i32x4GtU,
    ge: op.i32x4GeU,
  },
  // A true lane is -1, so the order turns round; only ever lane by equal lane, so the 32-bit forms serve masks of 64.
  mask4: {
    eq: op.i32x4Eq,
    ne: op.i32x4Ne,
    lt: op.i32x4GtS,
    le: op.i32x4GeS,
    gt: op.i32x4LtS,
    ge: op.i32x4LeS,
  },
  mask2: {
    eq: op.i32x4Eq,
    ne: op.i32x4Ne,
    lt: op.i32x4GtS,
    le: op.i32x4GeS,
    gt: op.i32x4LtS,
    ge: op.i32x4LeS,
  },
};

export function emitVectorCompare(f: FunctionWriter, comparison: CompareOp, type: Scalar, lanes: Lanes): void {
  f.op(comparisons[kindOf(type, lanes)][comparison]!);
}

const unaryOps: Record<VectorKind, Partial<Record<UnaryScalarOp, Opcode>>> = {
  f32: {
    abs: op.f32x4Abs,
    neg: op.f32x4Neg,
    floor: op.f32x4Floor,
    ceil: op.f32x4Ceil,
    rint: op.f32x4Nearest,
    sqrt: op.f32x4Sqrt,
  },
  f64: {
    abs: op.f64x2Abs,
    neg: op.f64x2Neg,
    floor: op.f64x2Floor,
    ceil: op.f64x2Ceil,
    rint: op.f64x2Nearest,
    sqrt: op.f64x2Sqrt,
  },
  int: { abs: op.i32x4Abs, neg: op.i32x4Neg, not: op.v128Not },
  uint: { neg: op.i32x4Neg, not: op.v128Not },
  mask4: { not: op.v128Not },
  mask2: { not: op.v128Not },
};

const elementary: ReadonlySet<UnaryScalarOp> = new Set<UnaryScalarOp & VectorFunction>([
  'exp',
  'expm1',
  'log',
  'log1p',
  'sin',
  'cos',
  'tanh',
]);

export function hasVectorUnary(name: UnaryScalarOp, type: Scalar, lanes: Lanes): boolean {
  const kind = kindOf(type, lanes);
  if (unaryOps[kind][name] !== undefined) return true;
  return kind === 'f32' && (elementary.has(name) || name === 'sign' || name === 'isFinite');
}

export function emitVectorUnary(
  f: FunctionWriter,
  helpers: Helpers,
  name: UnaryScalarOp,
  type: Scalar,
  lanes: Lanes,
): boolean {
  if (!hasVectorUnary(name, type, lanes)) return false;
  const opcode = unaryOps[kindOf(type, lanes)][name];
  if (opcode !== undefined) {
    f.op(opcode);
    pushWrappedVector(f, type);
  } else if (name === 'isFinite') {
    f.op(op.f32x4Abs);
    f.get(f.constant('f32x4', Number.POSITIVE_INFINITY));
    f.op(op.f32x4Lt);
  } else if (name === 'sign') emitVectorSign(f);
  else helpers.vector(f, name as VectorFunction);
  return true;
}

/** ±1 by sign; zeros and NaN stay what they are. */
function emitVectorSign(f: FunctionWriter): void {
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
    f.get(target.kind === 'float' ? f.constant('f32x4', 1) : f.constant('i32x4', 1));
    f.op(op.v128And);
  } else if (source.kind === 'float' && target.kind === 'float') emitVectorRound16(f, helpers, to);
  else if (source.kind === 'float') {
    f.op(target.kind === 'int' ? op.i32x4TruncSatF32x4S : op.i32x4TruncSatF32x4U);
    if (isNarrow(to)) emitVectorClamp(f, to);
  } else if (target.kind === 'float') {
    f.op(source.kind === 'int' ? op.f32x4ConvertI32x4S : op.f32x4ConvertI32x4U);
    emitVectorRound16(f, helpers, to);
  } else pushWrappedVector(f, to);
}

function emitVectorRound16(f: FunctionWriter, helpers: Helpers, type: Scalar): void {
  if (type !== 'float16' && type !== 'bfloat16') return;
  helpers.vector(f, type === 'float16' ? 'float32ToFloat16' : 'float32ToBfloat16');
  helpers.vector(f, type === 'float16' ? 'float16ToFloat32' : 'bfloat16ToFloat32');
}

function emitVectorClamp(f: FunctionWriter, type: Scalar): void {
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

/** Pushes all lanes equal to the scalar on the stack. */
export function emitSplat(f: FunctionWriter, type: Scalar, lanes: Lanes): void {
  const kind = kindOf(type, lanes);
  if (kind === 'f32') f.op(op.f32x4Splat);
  else if (kind === 'f64') f.op(op.f64x2Splat);
  else if (kind === 'mask4' || kind === 'mask2') {
    const x = f.local('i32');
    f.set(x);
    f.i32(0);
    f.get(x);
    f.op(op.i32Sub);
    f.op(op.i32x4Splat);
    f.release('i32', x);
  } else f.op(op.i32x4Splat);
}

/** Pushes one lane of a vector as a scalar. */
export function emitExtract(f: FunctionWriter, vector: Local, lane: number, type: Scalar, lanes: Lanes): void {
  f.get(vector);
  const kind = kindOf(type, lanes);
  if (kind === 'f32') f.lane(laneOp.f32x4Extract, lane);
  else if (kind === 'f64') f.lane(laneOp.f64x2Extract, lane);
  else f.lane(laneOp.i32x4Extract, kind === 'mask2' ? lane * 2 : lane);
  if (scalarRows[type].kind !== 'bool') return;
  f.i32(1);
  f.op(op.i32And);
}

/** Stack: vector, scalar → vector with that lane replaced. */
export function emitReplace(f: FunctionWriter, lane: number, type: Scalar, lanes: Lanes): void {
  const kind = kindOf(type, lanes);
  if (kind === 'f32') f.lane(laneOp.f32x4Replace, lane);
  else if (kind === 'f64') f.lane(laneOp.f64x2Replace, lane);
  else if (kind === 'mask2') {
    f.op(op.i64ExtendI32U);
    f.i64(-1n);
    f.op(op.i64Mul);
    f.lane(laneOp.i64x2Replace, lane);
  } else {
    if (kind === 'mask4') {
      f.i32(-1);
      f.op(op.i32Mul);
    }
    f.lane(laneOp.i32x4Replace, lane);
  }
}
