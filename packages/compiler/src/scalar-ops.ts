/** How the elementwise ops of the opset are called in loop IR, and what they cost. */

import type { BinaryOp, ComparisonDirection, DType, OpName, UnaryOp } from '@ceratops/kernel-registry';
import type { BinaryScalarOp, CompareOp, UnaryScalarOp } from './loop-ir.js';

export const unaryScalarOps: Readonly<Record<UnaryOp, UnaryScalarOp>> = {
  abs: 'abs',
  negate: 'neg',
  sign: 'sign',
  floor: 'floor',
  ceil: 'ceil',
  round_nearest_even: 'rint',
  exponential: 'exp',
  exponential_minus_one: 'expm1',
  log: 'log',
  log_plus_one: 'log1p',
  sqrt: 'sqrt',
  sine: 'sin',
  cosine: 'cos',
  tanh: 'tanh',
  is_finite: 'isFinite',
  not: 'not',
};

export const binaryScalarOps: Readonly<Record<BinaryOp, BinaryScalarOp>> = {
  add: 'add',
  subtract: 'sub',
  multiply: 'mul',
  divide: 'div',
  remainder: 'rem',
  power: 'pow',
  maximum: 'max',
  minimum: 'min',
  atan2: 'atan2',
  and: 'and',
  or: 'or',
  xor: 'xor',
  shift_left: 'shl',
  shift_right_arithmetic: 'shrArithmetic',
  shift_right_logical: 'shrLogical',
};

const boolOps: ReadonlyMap<string, BinaryScalarOp> = new Map([
  ['add', 'or'],
  ['maximum', 'or'],
  ['multiply', 'and'],
  ['minimum', 'and'],
]);

/** The scalar op of `op` on a dtype: bools only know logic. */
export function binaryScalarOp(op: BinaryOp, dtype: DType): BinaryScalarOp {
  return (dtype === 'bool' ? boolOps.get(op) : undefined) ?? binaryScalarOps[op];
}

export const compareOps: Readonly<Record<ComparisonDirection, CompareOp>> = {
  EQ: 'eq',
  NE: 'ne',
  LT: 'lt',
  LE: 'le',
  GT: 'gt',
  GE: 'ge',
};

const expensive: ReadonlyMap<OpName, number> = new Map<OpName, number>([
  ['divide', 4],
  ['remainder', 8],
  ['sqrt', 4],
  ['exponential', 10],
  ['exponential_minus_one', 14],
  ['log', 12],
  ['log_plus_one', 14],
  ['sine', 14],
  ['cosine', 14],
  ['tanh', 14],
  ['power', 30],
  ['atan2', 30],
  ['gather', 6],
  ['pad', 3],
  ['dynamic_slice', 2],
]);

/** Scalar operations per element, an addition being 1; views and constants cost next to nothing. */
export function costOf(op: OpName): number {
  return expensive.get(op) ?? (free.has(op) ? 0 : 1);
}

const free: ReadonlySet<OpName> = new Set<OpName>([
  'constant',
  'reshape',
  'broadcast_in_dim',
  'transpose',
  'slice',
  'reverse',
  'optimization_barrier',
]);
