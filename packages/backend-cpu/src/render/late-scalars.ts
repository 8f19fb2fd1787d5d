/** Scalar operations that few programs need: of integers beyond arithmetic, and of types of other widths than 32 bits. */

import type { UnaryFunction } from '@ceratops/compiler';
import type { BinaryOp, ComparisonDirection } from '@ceratops/kernel-registry';
import type { HostFunction } from '../program/host-functions.js';
import type { FunctionIndex, FunctionWriter } from '../wasm/function-writer.js';
import * as laneOp from '../wasm/lane-op.js';
import * as op from '../wasm/late-op.js';
import type { Opcode } from '../wasm/opcodes.js';
import type { Helpers } from './helpers.js';
import { emitIntegerPower } from './integer-power.js';
import { emitCompare, pushConstant, pushWrapped } from './scalar-ops.js';
import { isHalf, isNarrow, type Scalar, scalarRows } from './scalar-types.js';

type IntegerWidth = 'i32' | 'i64';

/** Brings the i32 on the stack into the range of a narrow integer type. */
export function wrap(f: FunctionWriter, type: Scalar): void {
  const { kind, bits } = scalarRows[type];
  if (kind === 'uint') {
    f.i32((1 << bits) - 1);
    f.op(op.i32And);
  } else f.op(bits === 8 ? op.i32Extend8S : op.i32Extend16S);
}

/** div, rem, pow and shifts to the right that keep the sign. */
export function emitIntegerBinary(f: FunctionWriter, helpers: Helpers, name: BinaryOp, type: Scalar): void {
  if (name === 'shift_left' || name === 'shift_right_logical' || name === 'shift_right_arithmetic') {
    emitShift(f, helpers, name, type);
    return;
  }
  const { wasm, kind } = scalarRows[type];
  const width = wasm as IntegerWidth;
  const signed = kind === 'int';
  f.call(
    helpers.shared(`${name} ${width} ${signed}`, () =>
      name === 'power'
        ? emitIntegerPower(helpers.module, width, signed)
        : emitDivision(helpers, name as 'divide' | 'remainder', width, signed),
    ),
  );
  pushWrapped(f, helpers, type);
}

const divisions: Readonly<Record<string, Opcode>> = {
  'i32 divide true': op.i32DivS,
  'i32 remainder true': op.i32RemS,
  'i32 divide false': op.i32DivU,
  'i32 remainder false': op.i32RemU,
  'i64 divide true': op.i64DivS,
  'i64 remainder true': op.i64RemS,
  'i64 divide false': op.i64DivU,
  'i64 remainder false': op.i64RemU,
};

/** x/0 is all ones, min/-1 is min; x rem 0 is x, x rem -1 is 0. */
function emitDivision(
  helpers: Helpers,
  name: 'divide' | 'remainder',
  width: IntegerWidth,
  signed: boolean,
): FunctionIndex {
  const g = helpers.module.function(`${name}_${width}`, [width, width], [width]);
  g.get(1);
  g.op(width === 'i32' ? op.i32Eqz : op.i64Eqz);
  g.if();
  if (name === 'divide') pushConstant(g, width, -1);
  else g.get(0);
  g.op(op.return);
  g.end();
  if (signed) {
    g.get(1);
    pushConstant(g, width, -1);
    g.op(width === 'i32' ? op.i32Eq : op.i64Eq);
    g.if();
    pushConstant(g, width, 0);
    if (name === 'divide') {
      g.get(0);
      g.op(width === 'i32' ? op.i32Sub : op.i64Sub);
    }
    g.op(op.return);
    g.end();
  }
  g.get(0);
  g.get(1);
  g.op(divisions[`${width} ${name} ${signed}`]!);
  return g.index;
}

const shifts = {
  i32: { shift_left: op.i32Shl, shift_right_arithmetic: op.i32ShrS, shift_right_logical: op.i32ShrU },
  i64: { shift_left: op.i64Shl, shift_right_arithmetic: op.i64ShrS, shift_right_logical: op.i64ShrU },
};

export function emitShift(
  f: FunctionWriter,
  helpers: Helpers,
  name: 'shift_left' | 'shift_right_arithmetic' | 'shift_right_logical',
  type: Scalar,
): void {
  const { wasm, bits, kind } = scalarRows[type];
  const width = wasm as IntegerWidth;
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
  if (name === 'shift_right_arithmetic' && kind === 'uint' && bits < 32)
    f.op(bits === 8 ? op.i32Extend8S : op.i32Extend16S);
  if (name === 'shift_right_logical' && kind === 'int' && bits < 32) {
    f.i32((1 << bits) - 1);
    f.op(op.i32And);
  }
  if (name === 'shift_right_arithmetic') {
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
  pushWrapped(f, helpers, type);
  f.release(width, value);
  f.release(width, amount);
}

export function emitUnary(f: FunctionWriter, helpers: Helpers, name: UnaryFunction, type: Scalar): void {
  const { wasm, kind } = scalarRows[type];
  if (kind !== 'float') emitIntegerUnary(f, helpers, name, type);
  else if (name === 'sign') emitFloatSign(f, wasm as 'f32' | 'f64');
  else if (name === 'is_finite') {
    f.op(wasm === 'f32' ? op.f32Abs : op.f64Abs);
    pushConstant(f, wasm, Number.POSITIVE_INFINITY);
    emitCompare(f, helpers, 'LT', type);
  } else f.call(helpers.host(name as HostFunction));
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

function emitIntegerUnary(f: FunctionWriter, helpers: Helpers, name: UnaryFunction, type: Scalar): void {
  const { wasm, kind } = scalarRows[type];
  const width = wasm as IntegerWidth;
  const x = f.local(width);
  f.set(x);
  const subtractFromZero = (): void => {
    pushConstant(f, width, 0);
    f.get(x);
    f.op(width === 'i32' ? op.i32Sub : op.i64Sub);
  };
  const compareZero = (comparison: ComparisonDirection): void => {
    f.get(x);
    pushConstant(f, width, 0);
    emitCompare(f, helpers, comparison, type);
  };
  if (name === 'not') {
    f.get(x);
    pushConstant(f, width, -1);
    f.op(width === 'i32' ? op.i32Xor : op.i64Xor);
  } else if (name === 'negate') subtractFromZero();
  else if (name === 'abs' && kind === 'int') {
    subtractFromZero();
    f.get(x);
    compareZero('LT');
    f.op(op.select);
  } else if (name === 'sign') {
    compareZero('GT');
    if (kind === 'int') {
      compareZero('LT');
      f.op(op.i32Sub);
    }
    if (width === 'i64') f.op(op.i64ExtendI32S);
  } else if (name === 'is_finite') f.i32(1);
  // floor, ceil, rint of an integer, abs of an unsigned one
  else f.get(x);
  if (name !== 'is_finite') pushWrapped(f, helpers, type);
  f.release(width, x);
}

const fromInteger: Readonly<Record<string, Opcode>> = {
  'i32 int f32': op.f32ConvertI32S,
  'i32 uint f32': op.f32ConvertI32U,
  'i64 int f32': op.f32ConvertI64S,
  'i64 uint f32': op.f32ConvertI64U,
  'i32 int f64': op.f64ConvertI32S,
  'i32 uint f64': op.f64ConvertI32U,
  'i64 int f64': op.f64ConvertI64S,
  'i64 uint f64': op.f64ConvertI64U,
};

/** Saturating; NaN gives 0, as XLA has it. */
const toInteger: Readonly<Record<string, Opcode>> = {
  'f32 i32 int': op.i32TruncSatF32S,
  'f32 i32 uint': op.i32TruncSatF32U,
  'f64 i32 int': op.i32TruncSatF64S,
  'f64 i32 uint': op.i32TruncSatF64U,
  'f32 i64 int': op.i64TruncSatF32S,
  'f32 i64 uint': op.i64TruncSatF32U,
  'f64 i64 int': op.i64TruncSatF64S,
  'f64 i64 uint': op.i64TruncSatF64U,
};

/** A conversion that is not to bool, between types of which one at least has another width than 32 bits. */
export function emitConvert(f: FunctionWriter, helpers: Helpers, from: Scalar, to: Scalar): void {
  const [source, target] = [scalarRows[from], scalarRows[to]];
  if (source.kind === 'float' && target.kind === 'float') {
    if (source.wasm !== target.wasm) f.op(source.wasm === 'f32' ? op.f64PromoteF32 : op.f32DemoteF64);
    emitRound16(f, helpers, to);
  } else if (source.kind === 'float') {
    f.op(toInteger[`${source.wasm} ${target.wasm} ${target.kind}`]!);
    if (isNarrow(to)) emitClamp(f, to);
  } else if (target.kind === 'float') {
    f.op(fromInteger[`${source.wasm} ${source.kind === 'int' ? 'int' : 'uint'} ${target.wasm}`]!);
    emitRound16(f, helpers, to);
  } else {
    if (source.wasm === 'i64' && target.wasm === 'i32') f.op(op.i32WrapI64);
    if (source.wasm === 'i32' && target.wasm === 'i64')
      f.op(source.kind === 'int' ? op.i64ExtendI32S : op.i64ExtendI32U);
    pushWrapped(f, helpers, to);
  }
}

function emitRound16(f: FunctionWriter, helpers: Helpers, type: Scalar): void {
  if (!isHalf(type)) return;
  pack16(f, helpers, type);
  unpack16(f, helpers, type);
}

/** f32 on the stack to the bits of a 16-bit float. */
export function pack16(f: FunctionWriter, helpers: Helpers, type: 'float16' | 'bfloat16'): void {
  f.call(
    helpers.shared(`pack ${type}`, () => {
      const g = helpers.module.function(`pack_${type}`, ['f32'], ['i32']);
      const target = helpers.vectorIndex(type === 'float16' ? 'float32ToFloat16' : 'float32ToBfloat16');
      g.get(0);
      g.op(op.f32x4Splat);
      g.call(target);
      g.lane(laneOp.i32x4Extract, 0);
      return g.index;
    }),
  );
}

/** Bits of a 16-bit float to f32. */
export function unpack16(f: FunctionWriter, helpers: Helpers, type: 'float16' | 'bfloat16'): void {
  if (type === 'bfloat16') {
    f.i32(16);
    f.op(op.i32Shl);
    f.op(op.f32ReinterpretI32);
    return;
  }
  f.call(
    helpers.shared('unpack float16', () => {
      const g = helpers.module.function('unpack_float16', ['i32'], ['f32']);
      const target = helpers.vectorIndex('float16ToFloat32');
      g.get(0);
      g.op(op.i32x4Splat);
      g.call(target);
      g.lane(laneOp.f32x4Extract, 0);
      return g.index;
    }),
  );
}

/** Saturates to a narrow integer type. */
function emitClamp(f: FunctionWriter, type: Scalar): void {
  const { bits, kind } = scalarRows[type];
  const [low, high] = kind === 'int' ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  const x = f.local('i32');
  f.tee(x);
  f.i32(high);
  f.get(x);
  f.i32(high);
  f.op(kind === 'int' ? op.i32LtS : op.i32LtU);
  f.op(op.select);
  if (kind === 'int') {
    f.tee(x);
    f.i32(low);
    f.get(x);
    f.i32(low);
    f.op(op.i32GtS);
    f.op(op.select);
  }
  f.release('i32', x);
}

export function emitBitcast(f: FunctionWriter, helpers: Helpers, from: Scalar, to: Scalar): void {
  if (isHalf(from)) pack16(f, helpers, from);
  const source = scalarRows[from].bits === 16 ? 'i32' : scalarRows[from].wasm;
  if (isHalf(to)) {
    f.i32(0xffff);
    f.op(op.i32And);
    unpack16(f, helpers, to);
    return;
  }
  const { wasm } = scalarRows[to];
  if (source === 'f64' && wasm === 'i64') f.op(op.i64ReinterpretF64);
  if (source === 'i64' && wasm === 'f64') f.op(op.f64ReinterpretI64);
  pushWrapped(f, helpers, to);
}
