/** The float arithmetic and the comparisons of loop IR in JavaScript; interpreter-ops.ts has the rest. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { BinaryScalarOp, CompareOp, ScalarType, UnaryScalarOp } from './loop-ir.js';

export type Scalar = number | bigint;

type Unary = (x: number) => number;

function roundEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (!Number.isFinite(x)) return x;
  const rounded = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
}

export const unaries: Readonly<Record<UnaryScalarOp, Unary>> = {
  abs: Math.abs,
  neg: (x) => -x,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  rint: roundEven,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  isFinite: (x) => (Number.isFinite(x) ? 1 : 0),
  not: (x) => ~x,
};

function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  return base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY ? 1 : base ** exponent;
}

type Binary = (a: number, b: number) => number;

export type Binaries<F> = { readonly [O in BinaryScalarOp]?: F };

export const arithmetic: Binaries<Binary> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  rem: (a, b) => a % b,
  max: Math.max,
  min: Math.min,
};

const floatBinaries: Binaries<Binary> = { ...arithmetic, div: (a, b) => a / b, pow: power, atan2: Math.atan2 };

/** Every float but float64 is held as float32. */
function isSingle(type: ScalarType): boolean {
  return type.includes('float') && type !== 'float64';
}

/** An op of one float, which gives a float or, for `isFinite`, a bool. */
export function floatUnary(op: UnaryScalarOp, type: ScalarType): (x: number) => number {
  const compute = unaries[op];
  return isSingle(type) ? (x) => Math.fround(compute(x)) : compute;
}

export function floatBinary(op: BinaryScalarOp, type: ScalarType): (a: number, b: number) => number {
  const compute = floatBinaries[op];
  if (compute === undefined) throw undefinedOp(op, type);
  return isSingle(type) ? (a, b) => Math.fround(compute(a, b)) : compute;
}

const comparisons: Readonly<Record<CompareOp, (a: Scalar, b: Scalar) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
};

export function compareFunction(op: CompareOp): (a: Scalar, b: Scalar) => Scalar {
  const compare = comparisons[op];
  return (a, b) => (compare(a, b) ? 1 : 0);
}

export function undefinedOp(op: string, type: ScalarType): CeratopsError {
  return new CeratopsError('INTERNAL', `loop IR op is not defined on ${type}`, { subject: op });
}
