/** Element functions of bool and the integers: exact arithmetic, then wrapped to the width. */

import { type Family, orderedComparison } from './family.js';

/** Wraps an integer, exact in float64, to `bits` ≤ 32. */
export function wrapNumber(x: number, bits: number, signed: boolean): number {
  const shift = 32 - bits;
  return signed ? ((x | 0) << shift) >> shift : ((x | 0) << shift) >>> shift;
}

/** By squaring; a negative exponent truncates 1 / base^n to an integer, 0 for a zero base. */
function integerPower(base: bigint, exponent: bigint, wrap: (x: bigint) => bigint): bigint {
  if (exponent < 0n) {
    if (base === 1n) return 1n;
    if (base === -1n) return exponent % 2n === 0n ? 1n : -1n;
    return 0n;
  }
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = wrap(result * square);
    square = wrap(square * square);
  }
  return result;
}

/** Integers of up to 32 bits, held as numbers. */
export function smallIntegerFamily(bits: number, signed: boolean): Family<number> {
  const wrap = (x: number): number => wrapNumber(x, bits, signed);
  const wrapBig = (x: bigint): bigint => (signed ? BigInt.asIntN(bits, x) : BigInt.asUintN(bits, x));
  // Shift amounts are unsigned: a negative one is larger than any width.
  const inWidth = (amount: number): boolean => amount >= 0 && amount < bits;
  const unsigned = (x: number): number => wrapNumber(x, bits, false);
  const asSigned = (x: number): number => wrapNumber(x, bits, true);
  return {
    unary: {
      abs: (x) => wrap(Math.abs(x)),
      negate: (x) => wrap(-x),
      sign: (x) => Math.sign(x),
      not: (x) => wrap(~x),
    },
    binary: {
      add: (a, b) => wrap(a + b),
      subtract: (a, b) => wrap(a - b),
      multiply: (a, b) => wrap(Math.imul(a, b)),
      divide: (a, b) => (b === 0 ? wrap(-1) : wrap(Math.trunc(a / b))),
      // Adding 0 turns JavaScript's -0 into the integer 0.
      remainder: (a, b) => (b === 0 ? a : (a % b) + 0),
      power: (a, b) => Number(integerPower(BigInt(a), BigInt(b), wrapBig)),
      maximum: Math.max,
      minimum: Math.min,
      and: (a, b) => wrap(a & b),
      or: (a, b) => wrap(a | b),
      xor: (a, b) => wrap(a ^ b),
      shift_left: (a, b) => (inWidth(b) ? wrap(a << b) : 0),
      shift_right_logical: (a, b) => (inWidth(b) ? wrap(unsigned(a) >>> b) : 0),
      shift_right_arithmetic: (a, b) => wrap(asSigned(a) >> (inWidth(b) ? b : bits - 1)),
    },
    compare: orderedComparison,
  };
}

function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

/** 64-bit integers, held as bigints. */
export function bigIntegerFamily(signed: boolean): Family<bigint> {
  const wrap = (x: bigint): bigint => (signed ? BigInt.asIntN(64, x) : BigInt.asUintN(64, x));
  const inWidth = (amount: bigint): boolean => amount >= 0n && amount < 64n;
  return {
    unary: {
      abs: (x) => wrap(x < 0n ? -x : x),
      negate: (x) => wrap(-x),
      sign: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
      not: (x) => wrap(~x),
    },
    binary: {
      add: (a, b) => wrap(a + b),
      subtract: (a, b) => wrap(a - b),
      multiply: (a, b) => wrap(a * b),
      divide: (a, b) => (b === 0n ? wrap(-1n) : wrap(a / b)),
      remainder: (a, b) => (b === 0n ? a : a % b),
      power: (a, b) => integerPower(a, b, wrap),
      maximum: (a, b) => larger(a, b),
      minimum: (a, b) => (larger(a, b) === a ? b : a),
      and: (a, b) => a & b,
      or: (a, b) => a | b,
      xor: (a, b) => a ^ b,
      shift_left: (a, b) => (inWidth(b) ? wrap(a << b) : 0n),
      shift_right_logical: (a, b) => (inWidth(b) ? wrap(BigInt.asUintN(64, a) >> b) : 0n),
      shift_right_arithmetic: (a, b) => wrap(BigInt.asIntN(64, a) >> (inWidth(b) ? b : 63n)),
    },
    compare: orderedComparison,
  };
}

/** Bools are 0 and 1: add and maximum are or, multiply and minimum are and. */
export const boolFamily: Family<number> = {
  unary: { not: (x) => 1 - x },
  binary: {
    add: (a, b) => a | b,
    multiply: (a, b) => a & b,
    maximum: (a, b) => a | b,
    minimum: (a, b) => a & b,
    and: (a, b) => a & b,
    or: (a, b) => a | b,
    xor: (a, b) => a ^ b,
  },
  compare: orderedComparison,
};
