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
  sub: op.i32x4Sub,
  mul: op.i32x4Mul,
  and: op.v128And,
  or: op.v128Or,
  xor: op.v128Xor,
};

const vectorInstructions: Readonly<Record<Exclude<VectorFamily, 'f64'>, Instructions>> = {
  f32: {
    unary: {
      abs: op.f32x4Abs,
      neg: op.f32x4Neg,
      floor: op.f32x4Floor,
      ceil: op.f32x4Ceil,
      rint: op.f32x4Nearest,
      sqrt: op.f32x4Sqrt,
    },
    binary: {
      add: op.f32x4Add,
      sub: op.f32x4Sub,
      mul: op.f32x4Mul,
      div: op.f32x4Div,
      max: op.f32x4Max,
      min: op.f32x4Min,
    },
    compare: {
      eq: op.f32x4Eq,
      ne: op.f32x4Ne,
      lt: op.f32x4Lt,
      le: op.f32x4Le,
      gt: op.f32x4Gt,
      ge: op.f32x4Ge,
    },
  },
  int: {
    unary: { abs: op.i32x4Abs, neg: op.i32x4Neg, not: op.v128Not },
    binary: { ...integerBinary, max: op.i32x4MaxS, min: op.i32x4MinS },
    compare: {
      eq: op.i32x4Eq,
      ne: op.i32x4Ne,
      lt: op.i32x4LtS,
      le: op.i32x4LeS,
      gt: op.i32x4GtS,
      ge: op.i32x4GeS,
    },
  },
  uint: {
    unary: { neg: op.i32x4Neg, not: op.v128Not },
    binary: { ...integerBinary, max: op.i32x4MaxU, min: op.i32x4MinU },
    compare: {
      eq: op.i32x4Eq,
      ne: op.i32x4Ne,
      lt: op.i32x4LtU,
      le: op.i32x4LeU,
      gt: op.i32x4GtU,
      ge: op.i32x4GeU,
    },
  },
  bool: {
    unary: { not: op.v128Not },
    binary: { and: op.v128And, or: op.v128Or, xor: op.v128Xor },
    // A true lane is -1, so the order turns round; only ever lane by equal lane, so the 32-bit forms serve masks of 64.
    compare: {
      eq: op.i32x4Eq,
      ne: op.i32x4Ne,
      lt: op.i32x4GtS,
      le: op.i32x4GeS,
      gt: op.i32x4LtS,
      ge: op.i32x4LeS,
    },
  },
};

export function vectorInstructionsOf(type: Scalar, helpers: Helpers): Instructions {
  const family = familyOf(type);
  return family === 'f64' ? helpers.late.doubles : vectorInstructions[family];
}
