/** The float arithmetic and the comparisons of loop IR in JavaScript; interpreter-ops.ts has the rest. */

import { type BinaryOp, CeratopsError, type ComparisonDirection, type UnaryOp } from '@ceratops/kernel-registry';
import type { ScalarType } from './loop-ir.js';

export type Scalar = number | bigint;

type Unary = (x: number) => number;

function roundEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (!Number.isFinite(x)) return x;
  const rounded = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
}

export const unaries: Readonly<Record<UnaryOp, Unary>> = {
  abs: Math.abs,
  negate: (x) => -x,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  round_nearest_even: roundEven,
  exponential: Math.exp,
  exponential_minus_one: Math.expm1,
  log: Math.log,
  log_plus_one: Math.log1p,
  sqrt: Math.sqrt,
  sine: Math.sin,
  cosine: Math.cos,
  tanh: Math.tanh,
  is_finite: (x) => (Number.isFinite(x) ? 1 : 0),
  not: (x) => ~x,
};

function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  return base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY ? 1 : base ** exponent;
}

type Binary = (a: number, b: number) => number;

export type Binaries<F> = { readonly [O in BinaryOp]?: F };

export const arithmetic: Binaries<Binary> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  remainder: (a, b) => a % b,
  maximum: Math.max,
  minimum: Math.min,
};

export const floatBinaries: Binaries<Binary> = { ...arithmetic, divide: (a, b) => a / b, power, atan2: Math.atan2 };

/** Every float but float64 is held as float32. */
function isSingle(type: ScalarType): boolean {
  return type.includes('float') && type !== 'float64';
}

/** An op of one float, which gives a float or, for `is_finite`, a bool. */
export function floatUnary(op: UnaryOp, type: ScalarType): (x: number) => number {
  const compute = unaries[op];
  return isSingle(type) ? (x) => Math.fround(compute(x)) : compute;
}

export function floatBinary(op: BinaryOp, type: ScalarType): (a: number, b: number) => number {
  const compute = floatBinaries[op];
  if (compute === undefined) throw undefinedOp(op, type);
  return isSingle(type) ? (a, b) => Math.fround(compute(a, b)) : compute;
}

const comparisons: Readonly<Record<ComparisonDirection, (a: Scalar, b: Scalar) => boolean>> = {
  EQ: (a, b) => a === b,
  NE: (a, b) => a !== b,
  LT: (a, b) => a < b,
  LE: (a, b) => a <= b,
  GT: (a, b) => a > b,
  GE: (a, b) => a >= b,
};

export function compareFunction(op: ComparisonDirection): (a: Scalar, b: Scalar) => Scalar {
  const compare = comparisons[op];
  return (a, b) => (compare(a, b) ? 1 : 0);
}

export function undefinedOp(op: string, type: ScalarType): CeratopsError {
  return new CeratopsError('INTERNAL', `loop IR op is not defined on ${type}`, { subject: op });
}
