/** Value conversions and bit casts of one scalar on the stack. */

import type { FunctionWriter } from '../wasm/function-writer.js';
import * as op from '../wasm/op.js';
import type { Opcode } from '../wasm/opcodes.js';
import type { Helpers } from './helpers.js';
import { pushConstant, pushWrapped } from './scalar-ops.js';
import { isNarrow, type Scalar, scalarRows } from './scalar-types.js';

const fromInteger: Record<string, Opcode> = {
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
const toInteger: Record<string, Opcode> = {
  'f32 i32 int': op.i32TruncSatF32S,
  'f32 i32 uint': op.i32TruncSatF32U,
  'f64 i32 int': op.i32TruncSatF64S,
  'f64 i32 uint': op.i32TruncSatF64U,
  'f32 i64 int': op.i64TruncSatF32S,
  'f32 i64 uint': op.i64TruncSatF32U,
  'f64 i64 int': op.i64TruncSatF64S,
  'f64 i64 uint': op.i64TruncSatF64U,
};

export function emitConvert(f: FunctionWriter, helpers: Helpers, from: Scalar, to: Scalar): void {
  if (from === to) return;
  const [source, target] = [scalarRows[from], scalarRows[to]];
  if (target.kind === 'bool') {
    if (source.kind === 'bool') return;
    pushConstant(f, source.wasm, 0);
    f.op({ i32: op.i32Ne, i64: op.i64Ne, f32: op.f32Ne, f64: op.f64Ne }[source.wasm]);
    return;
  }
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
    pushWrapped(f, to);
  }
}

function emitRound16(f: FunctionWriter, helpers: Helpers, type: Scalar): void {
  if (type !== 'float16' && type !== 'bfloat16') return;
  emitPack16(f, helpers, type);
  emitUnpack16(f, helpers, type);
}

/** f32 on the stack to the bits of a 16-bit float. */
export function emitPack16(f: FunctionWriter, helpers: Helpers, type: 'float16' | 'bfloat16'): void {
  helpers.scalar(f, type === 'float16' ? 'float32ToFloat16' : 'float32ToBfloat16');
}

/** Bits of a 16-bit float to f32. */
export function emitUnpack16(f: FunctionWriter, helpers: Helpers, type: 'float16' | 'bfloat16'): void {
  if (type === 'float16') helpers.scalar(f, 'float16ToFloat32');
  else {
    f.i32(16);
    f.op(op.i32Shl);
    f.op(op.f32ReinterpretI32);
  }
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
  if (from === to) return;
  if (from === 'float16' || from === 'bfloat16') emitPack16(f, helpers, from);
  const source = scalarRows[from].bits === 16 ? 'i32' : scalarRows[from].wasm;
  if (to === 'float16' || to === 'bfloat16') {
    f.i32(0xffff);
    f.op(op.i32And);
    emitUnpack16(f, helpers, to);
    return;
  }
  const { wasm } = scalarRows[to];
  if (source === 'f32' && wasm === 'i32') f.op(op.i32ReinterpretF32);
  if (source === 'i32' && wasm === 'f32') f.op(op.f32ReinterpretI32);
  if (source === 'f64' && wasm === 'i64') f.op(op.i64ReinterpretF64);
  if (source === 'i64' && wasm === 'f64') f.op(op.f64ReinterpretI64);
  pushWrapped(f, to);
}
