/** The instructions of 64-bit types. Late parts. */

import * as op from '../wasm/late-op.js';
import type { Instructions, WideFamily } from './instructions.js';

const integerBinary = {
  add: op.i64Add,
  subtract: op.i64Sub,
  multiply: op.i64Mul,
  and: op.i64And,
  or: op.i64Or,
  xor: op.i64Xor,
};

export const wideInstructions: Readonly<Record<WideFamily, Instructions>> = {
  i64: {
    unary: {},
    binary: integerBinary,
    compare: { EQ: op.i64Eq, NE: op.i64Ne, LT: op.i64LtS, LE: op.i64LeS, GT: op.i64GtS, GE: op.i64GeS },
  },
  u64: {
    unary: {},
    binary: integerBinary,
    compare: { EQ: op.i64Eq, NE: op.i64Ne, LT: op.i64LtU, LE: op.i64LeU, GT: op.i64GtU, GE: op.i64GeU },
  },
  f64: {
    unary: {
      abs: op.f64Abs,
      negate: op.f64Neg,
      floor: op.f64Floor,
      ceil: op.f64Ceil,
      round_nearest_even: op.f64Nearest,
      sqrt: op.f64Sqrt,
    },
    binary: {
      add: op.f64Add,
      subtract: op.f64Sub,
      multiply: op.f64Mul,
      divide: op.f64Div,
      maximum: op.f64Max,
      minimum: op.f64Min,
    },
    compare: { EQ: op.f64Eq, NE: op.f64Ne, LT: op.f64Lt, LE: op.f64Le, GT: op.f64Gt, GE: op.f64Ge },
  },
};

/** On vectors of two. */
export const doubles: Instructions = {
  unary: {
    abs: op.f64x2Abs,
    negate: op.f64x2Neg,
    floor: op.f64x2Floor,
    ceil: op.f64x2Ceil,
    round_nearest_even: op.f64x2Nearest,
    sqrt: op.f64x2Sqrt,
  },
  binary: {
    add: op.f64x2Add,
    subtract: op.f64x2Sub,
    multiply: op.f64x2Mul,
    divide: op.f64x2Div,
    maximum: op.f64x2Max,
    minimum: op.f64x2Min,
  },
  compare: {
    EQ: op.f64x2Eq,
    NE: op.f64x2Ne,
    LT: op.f64x2Lt,
    LE: op.f64x2Le,
    GT: op.f64x2Gt,
    GE: op.f64x2Ge,
  },
};
