/** Which instruction computes an op on a family of types, where there is one; wide-instructions.ts has those of 64 bits. */

import type { BinaryScalarOp, CompareOp, UnaryScalarOp } from '@ceratops/compiler';
import * as op from '../wasm/op.js';
import type { Opcode } from '../wasm/opcodes.js';
import type { Helpers } from './helpers.js';
import type { Family } from './scalar-types.js';

export interface Instructions {
  readonly unary: Partial<Record<UnaryScalarOp, Opcode>>;
  readonly binary: Partial<Record<BinaryScalarOp, Opcode>>;
  readonly compare: Readonly<Record<CompareOp, Opcode>>;
}

export type WideFamily = 'i64' | 'u64' | 'f64';

const unsignedOrder = { eq: op.i32Eq, ne: op.i32Ne, lt: op.i32LtU, le: op.i32LeU, gt: op.i32GtU, ge: op.i32GeU };

const integerBinary = {
  add: op.i32Add,
  sub: op.i32Sub,
  mul: op.i32Mul,
  and: op.i32And,
  or: op.i32Or,
  xor: op.i32Xor,
};

const instructions: Readonly<Record<Exclude<Family, WideFamily>, Instructions>> = {
  /** The compiler calls addition `or` and multiplication `and`. */
  bool: {
    unary: { not: op.i32Eqz },
    binary: { and: op.i32And, or: op.i32Or, xor: op.i32Xor },
    compare: unsignedOrder,
  },
  i32: {
    unary: {},
    binary: integerBinary,
    compare: { eq: op.i32Eq, ne: op.i32Ne, lt: op.i32LtS, le: op.i32LeS, gt: op.i32GtS, ge: op.i32GeS },
  },
  u32: { unary: {}, binary: integerBinary, compare: unsignedOrder },
  f32: {
    unary: {
      abs: op.f32Abs,
      neg: op.f32Neg,
      floor: op.f32Floor,
      ceil: op.f32Ceil,
      rint: op.f32Nearest,
      sqrt: op.f32Sqrt,
    },
    binary: { add: op.f32Add, sub: op.f32Sub, mul: op.f32Mul, div: op.f32Div, max: op.f32Max, min: op.f32Min },
    compare: { eq: op.f32Eq, ne: op.f32Ne, lt: op.f32Lt, le: op.f32Le, gt: op.f32Gt, ge: op.f32Ge },
  },
};

export function instructionsOf(family: Family, helpers: Helpers): Instructions {
  return (
    (instructions as Partial<Record<Family, Instructions>>)[family] ?? helpers.late.instructions[family as WideFamily]
  );
}
