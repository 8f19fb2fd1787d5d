/** Which instruction computes an op on a family of types, where there is one; wide-instructions.ts has those of 64 bits. */

import type { UnaryFunction } from '@ceratops/compiler';
import type { BinaryOp, ComparisonDirection } from '@ceratops/kernel-registry';
import * as op from '../wasm/op.js';
import type { Opcode } from '../wasm/opcodes.js';
import type { Helpers } from './helpers.js';
import type { Family } from './scalar-types.js';

export interface Instructions {
  readonly unary: Partial<Record<UnaryFunction, Opcode>>;
  readonly binary: Partial<Record<BinaryOp, Opcode>>;
  readonly compare: Readonly<Record<ComparisonDirection, Opcode>>;
}

export type WideFamily = 'i64' | 'u64' | 'f64';

const unsignedOrder = { EQ: op.i32Eq, NE: op.i32Ne, LT: op.i32LtU, LE: op.i32LeU, GT: op.i32GtU, GE: op.i32GeU };

const integerBinary = {
  add: op.i32Add,
  subtract: op.i32Sub,
  multiply: op.i32Mul,
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
    compare: { EQ: op.i32Eq, NE: op.i32Ne, LT: op.i32LtS, LE: op.i32LeS, GT: op.i32GtS, GE: op.i32GeS },
  },
  u32: { unary: {}, binary: integerBinary, compare: unsignedOrder },
  f32: {
    unary: {
      abs: op.f32Abs,
      negate: op.f32Neg,
      floor: op.f32Floor,
      ceil: op.f32Ceil,
      round_nearest_even: op.f32Nearest,
      sqrt: op.f32Sqrt,
    },
    binary: {
      add: op.f32Add,
      subtract: op.f32Sub,
      multiply: op.f32Mul,
      divide: op.f32Div,
      maximum: op.f32Max,
      minimum: op.f32Min,
    },
    compare: { EQ: op.f32Eq, NE: op.f32Ne, LT: op.f32Lt, LE: op.f32Le, GT: op.f32Gt, GE: op.f32Ge },
  },
};

export function instructionsOf(family: Family, helpers: Helpers): Instructions {
  return (
    (instructions as Partial<Record<Family, Instructions>>)[family] ?? helpers.late.instructions[family as WideFamily]
  );
}
