/** WebAssembly for one scalar operation: operands on the stack, result on the stack. */

import type { BinaryScalarOp, CompareOp, UnaryScalarOp } from '@ceratops/compiler';
import type { FunctionWriter } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { Opcode } from '../wasm/opcodes.js';
import type { Helpers, HostFunction, VectorFunction } from './helpers.js';
import { isNarrow, type Scalar, scalarRows } from './scalar-types.js';

type Width = 'i32' | 'i64' | 'f32' | 'f64';

export function pushConstant(f: FunctionWriter, width: Width, value: number | bigint): void {
  if (width === 'i32') f.i32(Number(typeof value === 'bigint' ? BigInt.asIntN(32, value) : value));
  else if (width === 'i64') f.i64(BigInt(value));
  else if (width === 'f32') f.f32(Number(value));
  else f.f64(Number(value));
}

/** Brings the i32 on the stack into the range of a narrow integer type. */
export function pushWrapped(f: FunctionWriter, type: Scalar): void {
  if (!isNarrow(type)) return;
  const { kind, bits } = scalarRows[type];
  if (kind === 'uint') {
    f.i32((1 << bits) - 1);
    f.op(op.i32And);
  } else f.op(bits === 8 ? op.i32Extend8S : op.i32Extend16S);
}

const arithmetic: Record<Width, Partial<Record<BinaryScalarOp, Opcode>>> = {
  i32: { add: op.i32Add, sub: op.i32Sub, mul: op.i32Mul, and: op.i32And, or: op.i32Or, xor: op.i32Xor },
  i64: { add: op.i64Add, sub: op.i64Sub, mul: op.i64Mul, and: op.i64And, or: op.i64Or, xor: op.i64Xor },
  f32: { add: op.f32Add, sub: op.f32Sub, mul: op.f32Mul, div: op.f32Div, max: op.f32Max, min: op.f32Min },
  f64: { add: op.f64Add, sub: op.f64Sub, mul: op.f64Mul, div: op.f64Div, max: op.f64Max, min: op.f64Min },
};

/** bool is the field of two elements with or for add, as numpy has it. */
const boolOps: Partial<Record<BinaryScalarOp, Opcode>> = {
  add: op.i32Or,
  or: op.i32Or,
  max: op.i32Or,
  mul: op.i32And,
  and: op.i32And,
  min: op.i32And,
  xor: op.i32Xor,
  sub: op.i32Xor,
};

const i32Signed = { lt: op.i32LtS, le: op.i32LeS, gt: op.i32GtS, ge: op.i32GeS, div: op.i32DivS, rem: op.i32RemS };
const i32Unsigned = { lt: op.i32LtU, le: op.i32LeU, gt: op.i32GtU, ge: op.i32GeU, div: op.i32DivU, rem: op.i32RemU };
const i64Signed = { lt: op.i64LtS, le: op.i64LeS, gt: op.i64GtS, ge: op.i64GeS, div: op.i64DivS, rem: op.i64RemS };
const i64Unsigned = { lt: op.i64LtU, le: op.i64LeU, gt: op.i64GtU, ge: op.i64GeU, div: op.i64DivU, rem: op.i64RemU };

const equality: Record<Width, { readonly eq: Opcode; readonly ne: Opcode }> = {
  i32: { eq: op.i32Eq, ne: op.i32Ne },
  i64: { eq: op.i64Eq, ne: op.i64Ne },
  f32: { eq: op.f32Eq, ne: op.f32Ne },
  f64: { eq: op.f64Eq, ne: op.f64Ne },
};

const floatOrder: Record<'f32' | 'f64', Record<'lt' | 'le' | 'gt' | 'ge', Opcode>> = {
  f32: { lt: op.f32Lt, le: op.f32Le, gt: op.f32Gt, ge: op.f32Ge },
  f64: { lt: op.f64Lt, le: op.f64Le, gt: op.f64Gt, ge: op.f64Ge },
};

function integerOps(type: Scalar): typeof i32Signed | typeof i64Signed | typeof i32Unsigned | typeof i64Unsigned {
  const { wasm, kind } = scalarRows[type];
  const signed = kind === 'int';
  if (wasm === 'i64') return signed ? i64Signed : i64Unsigned;
  return signed ? i32Signed : i32Unsigned;
}

export function emitCompare(f: FunctionWriter, comparison: CompareOp, type: Scalar): void {
  const { wasm } = scalarRows[type];
  if (comparison === 'eq' || comparison === 'ne') f.op(equality[wasm][comparison]);
  else if (wasm === 'f32' || wasm === 'f64') f.op(floatOrder[wasm][comparison]);
  else f.op(integerOps(type)[comparison]);
}

export function emitBinary(f: FunctionWriter, helpers: Helpers, name: BinaryScalarOp, type: Scalar): void {
  const { wasm, kind } = scalarRows[type];
  const direct = kind === 'bool' ? boolOps[name] : arithmetic[wasm][name];
  if (direct !== undefined) {
    f.op(direct);
    pushWrapped(f, type);
  } else if (kind === 'float') emitFloatBinary(f, helpers, name, wasm as 'f32' | 'f64');
  else if (name === 'div' || name === 'rem') emitIntegerDivision(f, helpers, name, type);
  else if (name === 'max' || name === 'min') emitIntegerExtreme(f, name, type);
  else if (name === 'pow') {
    f.call(helpers.integerPower(wasm as 'i32' | 'i64', kind === 'int'));
    pushWrapped(f, type);
  } else emitShift(f, name as 'shl' | 'shrArithmetic' | 'shrLogical', type);
}

/** Through float64, where the host computes; rounding twice stays far within two units in the last place. */
function emitFloatBinary(f: FunctionWriter, helpers: Helpers, name: BinaryScalarOp, width: 'f32' | 'f64'): void {
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

/** x/0 is all ones, min/-1 is min; x rem 0 is x, x rem -1 is 0. Indices need no guards. */
function emitIntegerDivision(f: FunctionWriter, helpers: Helpers, name: 'div' | 'rem', type: Scalar): void {
  if (type === 'index') {
    f.op(name === 'div' ? op.i32DivU : op.i32RemU);
    return;
  }
  const { wasm, kind } = scalarRows[type];
  const width = wasm as 'i32' | 'i64';
  f.call(helpers.shared(`${name} ${width} ${kind}`, () => emitDivisionHelper(helpers, name, width, kind === 'int')));
  pushWrapped(f, type);
}

function emitDivisionHelper(helpers: Helpers, name: 'div' | 'rem', width: 'i32' | 'i64', signed: boolean): number {
  const g = helpers.module.function(`${name}_${width}`, [width, width], [width]);
  const ops = width === 'i32' ? (signed ? i32Signed : i32Unsigned) : signed ? i64Signed : i64Unsigned;
  g.get(1);
  g.op(width === 'i32' ? op.i32Eqz : op.i64Eqz);
  g.if();
  if (name === 'div') pushConstant(g, width, -1);
  else g.get(0);
  g.op(op.return);
  g.end();
  if (signed) {
    g.get(1);
    pushConstant(g, width, -1);
    g.op(equality[width].eq);
    g.if();
    pushConstant(g, width, 0);
    if (name === 'div') {
      g.get(0);
      g.op(width === 'i32' ? op.i32Sub : op.i64Sub);
    }
    g.op(op.return);
    g.end();
  }
  g.get(0);
  g.get(1);
  g.op(ops[name]);
  return g.index;
}

function emitIntegerExtreme(f: FunctionWriter, name: 'max' | 'min', type: Scalar): void {
  const { wasm } = scalarRows[type];
  const [left, right] = [f.local(wasm), f.local(wasm)];
  f.set(right);
  f.tee(left);
  f.get(right);
  f.get(left);
  f.get(right);
  f.op(integerOps(type)[name === 'max' ? 'gt' : 'lt']);
  f.op(op.select);
  f.release(wasm, left);
  f.release(wasm, right);
}

const shifts = {
  i32: { shl: op.i32Shl, shrArithmetic: op.i32ShrS, shrLogical: op.i32ShrU },
  i64: { shl: op.i64Shl, shrArithmetic: op.i64ShrS, shrLogical: op.i64ShrU },
};

function emitShift(f: FunctionWriter, name: 'shl' | 'shrArithmetic' | 'shrLogical', type: Scalar): void {
  const { wasm, bits, kind } = scalarRows[type];
  const width = wasm as 'i32' | 'i64';
  const [value, amount] = [f.local(width), f.local(width)];
  f.set(amount);
  f.set(value);
  const inRange = (): void => {
    f.get(amount);
    pushConstant(f, width, bits);
    f.op(width === 'i32' ? op.i32LtU : op.i64LtU);
  };
  f.get(value);
  // A shift sees the value's own bits: the sign of an unsigned number, no copies of it in a signed one.
  if (name === 'shrArithmetic' && kind === 'uint' && bits < 32) f.op(bits === 8 ? op.i32Extend8S : op.i32Extend16S);
  if (name === 'shrLogical' && kind === 'int' && bits < 32) {
    f.i32((1 << bits) - 1);
    f.op(op.i32And);
  }
  if (name === 'shrArithmetic') {
    f.get(amount);
    pushConstant(f, width, bits - 1);
    inRange();
    f.op(op.select);
    f.op(shifts[width][name]);
  } else {
    f.get(amount);
    f.op(shifts[width][name]);
    pushConstant(f, width, 0);
    inRange();
    f.op(op.select);
  }
  pushWrapped(f, type);
  f.release(width, value);
  f.release(width, amount);
}

const floatUnary: Record<'f32' | 'f64', Partial<Record<UnaryScalarOp, Opcode>>> = {
  f32: {
    abs: op.f32Abs,
    neg: op.f32Neg,
    floor: op.f32Floor,
    ceil: op.f32Ceil,
    rint: op.f32Nearest,
    sqrt: op.f32Sqrt,
  },
  f64: {
    abs: op.f64Abs,
    neg: op.f64Neg,
    floor: op.f64Floor,
    ceil: op.f64Ceil,
    rint: op.f64Nearest,
    sqrt: op.f64Sqrt,
  },
};

export function emitUnary(f: FunctionWriter, helpers: Helpers, name: UnaryScalarOp, type: Scalar): void {
  const { wasm, kind } = scalarRows[type];
  if (kind !== 'float') {
    emitIntegerUnary(f, name, type);
    return;
  }
  const width = wasm as 'f32' | 'f64';
  const direct = floatUnary[width][name];
  if (direct !== undefined) f.op(direct);
  else if (name === 'sign') emitFloatSign(f, width);
  else if (name === 'isFinite') {
    f.op(width === 'f32' ? op.f32Abs : op.f64Abs);
    pushConstant(f, width, Number.POSITIVE_INFINITY);
    f.op(width === 'f32' ? op.f32Lt : op.f64Lt);
  } else if (width === 'f64') f.call(helpers.host(name as HostFunction));
  else helpers.scalar(f, name as VectorFunction);
}

/** ±1 by sign; zeros and NaN stay what they are. */
function emitFloatSign(f: FunctionWriter, width: 'f32' | 'f64'): void {
  const x = f.local(width);
  const double = width === 'f64';
  f.set(x);
  pushConstant(f, width, 1);
  f.get(x);
  f.op(double ? op.f64Copysign : op.f32Copysign);
  f.get(x);
  f.get(x);
  f.op(double ? op.f64Abs : op.f32Abs);
  pushConstant(f, width, 0);
  f.op(double ? op.f64Gt : op.f32Gt);
  f.op(op.select);
  f.release(width, x);
}

function emitIntegerUnary(f: FunctionWriter, name: UnaryScalarOp, type: Scalar): void {
  const { wasm, kind } = scalarRows[type];
  const width = wasm as 'i32' | 'i64';
  const x = f.local(width);
  f.set(x);
  const subtractFromZero = (): void => {
    pushConstant(f, width, 0);
    f.get(x);
    f.op(width === 'i32' ? op.i32Sub : op.i64Sub);
  };
  const compareZero = (comparison: CompareOp): void => {
    f.get(x);
    pushConstant(f, width, 0);
    emitCompare(f, comparison, type);
  };
  if (name === 'not') {
    f.get(x);
    pushConstant(f, width, kind === 'bool' ? 1 : -1);
    f.op(width === 'i32' ? op.i32Xor : op.i64Xor);
  } else if (name === 'neg') subtractFromZero();
  else if (name === 'abs' && kind === 'int') {
    subtractFromZero();
    f.get(x);
    compareZero('lt');
    f.op(op.select);
  } else if (name === 'sign') {
    compareZero('gt');
    if (kind === 'int') {
      compareZero('lt');
      f.op(op.i32Sub);
    }
    if (width === 'i64') f.op(op.i64ExtendI32S);
  } else if (name === 'isFinite') f.i32(1);
  // floor, ceil, rint of an integer, abs of an unsigned one
  else f.get(x);
  if (name !== 'isFinite') pushWrapped(f, type);
  f.release(width, x);
}
