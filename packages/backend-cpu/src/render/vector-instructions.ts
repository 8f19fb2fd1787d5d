/** Which instruction computes an op on vectors of a family, where there is one. */

import * as op from '../wasm/op.js';
import type { Helpers } from './helpers.js';
import type { Instructions } from './instructions.js';
import { type Scalar, scalarRows } from './scalar-types.js';

/** What a vector is to the instruction set; a bool is a mask. */
export type VectorFamily = 'f32' | 'int' | 'uint' | 'bool' | 'f64';

export function familyOf(type: Scalar): VectorFamily {
  const { kind, wasm } = scalarRows[type];
  if (kind !== 'float') return kind;
  return wasm === 'f64' ? wasm : 'f32';
}

const integerBinary = {
  add: op.i32x4Add,
  subtract: op.i32x4Sub,
  multiply: op.i32x4Mul,
  and: op.v128And,
  or: op.v128Or,
  xor: op.v128Xor,
};

const vectorInstructions: Readonly<Record<Exclude<VectorFamily, 'f64'>, Instructions>> = {
  f32: {
    unary: {
      floor: op.f32x4Floor,
      ceil: op.f32x4Ceil,
      round_nearest_even: op.f32x4Nearest,
      sqrt: op.f32x4Sqrt,
    },
    binary: {
      add: op.f32x4Add,
      subtract: op.f32x4Sub,
      multiply: op.f32x4Mul,
      divide: op.f32x4Div,
      maximum: op.f32x4Max,
      minimum: op.f32x4Min,
    },
    compare: {
      EQ: op.f32x4Eq,
      NE: op.f32x4Ne,
      LT: op.f32x4Lt,
      LE: op.f32x4Le,
      GT: op.f32x4Gt,
      GE: op.f32x4Ge,
    },
  },
  int: {
    unary: { abs: op.i32x4Abs, negate: op.i32x4Neg, not: op.v128Not },
    binary: { ...integerBinary, maximum: op.i32x4MaxS, minimum: op.i32x4MinS },
    compare: {
      EQ: op.i32x4Eq,
      NE: op.i32x4Ne,
      LT: op.i32x4LtS,
      LE: op.i32x4LeS,
      GT: op.i32x4GtS,
      GE: op.i32x4GeS,
    },
  },
  uint: {
    unary: { negate: op.i32x4Neg, not: op.v128Not },
    binary: { ...integerBinary, maximum: op.i32x4MaxU, minimum: op.i32x4MinU },
    compare: {
      EQ: op.i32x4Eq,
      NE: op.i32x4Ne,
      LT: op.i32x4LtU,
      LE: op.i32x4LeU,
      GT: op.i32x4GtU,
      GE: op.i32x4GeU,
    },
  },
  bool: {
    unary: { not: op.v128Not },
    binary: { and: op.v128And, or: op.v128Or, xor: op.v128Xor },
    // A true lane is -1, so the order turns round; only ever lane by equal lane, so the 32-bit forms serve masks of 64.
    compare: {
      EQ: op.i32x4Eq,
      NE: op.i32x4Ne,
      LT: op.i32x4GtS,
      LE: op.i32x4GeS,
      GT: op.i32x4LtS,
      GE: op.i32x4LeS,
    },
  },
};

export function vectorInstructionsOf(type: Scalar, helpers: Helpers): Instructions {
  const family = familyOf(type);
  return family === 'f64' ? helpers.late.doubles : vectorInstructions[family];
}
