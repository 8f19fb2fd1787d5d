/** The instructions of 64-bit types. Late parts. */

import * as op from '../wasm/late-op.js';
import type { Instructions, WideFamily } from './instructions.js';

const integerBinary = {
  add: op.i64Add,
  sub: op.i64Sub,
  mul: op.i64Mul,
  and: op.i64And,
  or: op.i64Or,
  xor: op.i64Xor,
};

export const wideInstructions: Readonly<Record<WideFamily, Instructions>> = {
  i64: {
    unary: {},
    binary: integerBinary,
    compare: { eq: op.i64Eq, ne: op.i64Ne, lt: op.i64LtS, le: op.i64LeS, gt: op.i64GtS, ge: op.i64GeS },
  },
  u64: {
    unary: {},
    binary: integerBinary,
    compare: { eq: op.i64Eq, ne: op.i64Ne, lt: op.i64LtU, le: op.i64LeU, gt: op.i64GtU, ge: op.i64GeU },
  },
  f64: {
    unary: {
      abs: op.f64Abs,
      neg: op.f64Neg,
      floor: op.f64Floor,
      ceil: op.f64Ceil,
      rint: op.f64Nearest,
      sqrt: op.f64Sqrt,
    },
    binary: { add: op.f64Add, sub: op.f64Sub, mul: op.f64Mul, div: op.f64Div, max: op.f64Max, min: op.f64Min },
    compare: { eq: op.f64Eq, ne: op.f64Ne, lt: op.f64Lt, le: op.f64Le, gt: op.f64Gt, ge: op.f64Ge },
  },
};

/** On vectors of two. */
export const doubles: Instructions = {
  unary: {
    abs: op.f64x2Abs,
    neg: op.f64x2Neg,
    floor: op.f64x2Floor,
    ceil: op.f64x2Ceil,
    rint: op.f64x2Nearest,
    sqrt: op.f64x2Sqrt,
  },
  binary: {
    add: op.f64x2Add,
    sub: op.f64x2Sub,
    mul: op.f64x2Mul,
    div: op.f64x2Div,
    max: op.f64x2Max,
    min: op.f64x2Min,
  },
  compare: {
    eq: op.f64x2Eq,
    ne: op.f64x2Ne,
    lt: op.f64x2Lt,
    le: op.f64x2Le,
    gt: op.f64x2Gt,
    ge: op.f64x2Ge,
  },
};
