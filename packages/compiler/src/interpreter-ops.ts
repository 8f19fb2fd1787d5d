/** The scalar arithmetic of loop IR in JavaScript: numbers, bigints for 64-bit integers, 0 and 1 for bool. */

import { type BinaryOp, dtypes, is64BitInteger, isFloating, type UnaryOp } from '@ceratops/kernel-registry';
import { decodeElement, encodeElement } from './interpreter-memory.js';
import type { ScalarType } from './loop-ir.js';
import {
  arithmetic,
  type Binaries,
  floatBinary,
  floatUnary,
  type Scalar,
  unaries,
  undefinedOp,
} from './scalar-functions.js';

type Wrap = (x: Scalar) => Scalar;

const float32 = Math.fround as Wrap;
const same: Wrap = (x) => x;

/** Brings an exact result into the range of its type; float16 and bfloat16 are held as float32. */
function wrapOf(type: ScalarType): Wrap {
  if (type === 'index' || type === 'float64' || type === 'bool') return same;
  const { kind, bits } = dtypes[type];
  if (kind === 'float') return float32;
  if (bits === 64) {
    const wrap = kind === 'int' ? BigInt.asIntN : BigInt.asUintN;
    return (x) => wrap(64, x as bigint);
  }
  const shift = 32 - bits;
  return kind === 'int' ? (x) => (Number(x) << shift) >> shift : (x) => (Number(x) << shift) >>> shift;
}

function isInteger(type: ScalarType): boolean {
  return type === 'index' || dtypes[type].kind === 'int' || dtypes[type].kind === 'uint';
}

const bigUnaries: { readonly [O in UnaryOp]?: (x: bigint) => bigint } = {
  abs: (x) => (x < 0n ? -x : x),
  negate: (x) => -x,
  sign: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
  not: (x) => ~x,
};

/** @param from type of the operand. */
export function unaryFunction(op: UnaryOp, from: ScalarType, type: ScalarType): (x: Scalar) => Scalar {
  if (from === 'bool') return (x) => (op === 'not' ? 1 - Number(x) : x);
  const wrap = wrapOf(type);
  if (from !== 'index' && is64BitInteger(from)) {
    const compute = bigUnaries[op];
    if (compute === undefined) throw undefinedOp(op, from);
    return (x) => wrap(compute(x as bigint));
  }
  if (!isInteger(from)) return floatUnary(op, type) as (x: Scalar) => Scalar;
  const compute = unaries[op];
  // Adding 0 makes the integer of -0.
  return (x) => wrap(compute(x as number) + 0);
}

const bitwise: Binaries<(a: number, b: number) => number> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

const indexBinaries: typeof bitwise = { ...arithmetic, divide: (a, b) => Math.trunc(a / b) };

function bigPower(base: bigint, exponent: bigint): bigint {
  if (exponent >= 0n) {
    let result = 1n;
    let square = base;
    for (let rest = exponent; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = BigInt.asIntN(64, result * square);
      square = BigInt.asIntN(64, square * square);
    }
    return result;
  }
  if (base === 1n) return 1n;
  return base === -1n ? (exponent % 2n === 0n ? 1n : -1n) : 0n;
}

type BigBinary = (a: bigint, b: bigint, bits: bigint) => bigint;

/** On exact integers: the operands are in range, the result is wrapped afterwards. */
const integerBinaries: Binaries<BigBinary> = {
  // The operators compute with bigints as they do with numbers.
  ...(arithmetic as unknown as Binaries<BigBinary>),
  ...(bitwise as unknown as Binaries<BigBinary>),
  divide: (a, b) => (b === 0n ? -1n : a / b),
  remainder: (a, b) => (b === 0n ? a : a % b),
  power: bigPower,
  // biome-ignore lint/complexity/useMathMinMax: Math.max takes no bigints
  maximum: (a, b) => (a > b ? a : b),
  // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigints
  minimum: (a, b) => (a > b ? b : a),
  shift_left: (a, b, bits) => (b >= 0n && b < bits ? a << b : 0n),
  shift_right_logical: (a, b, bits) => (b >= 0n && b < bits ? BigInt.asUintN(Number(bits), a) >> b : 0n),
  shift_right_arithmetic: (a, b, bits) => BigInt.asIntN(Number(bits), a) >> (b >= 0n && b < bits ? b : bits - 1n),
};

export function binaryFunction(op: BinaryOp, type: ScalarType): (a: Scalar, b: Scalar) => Scalar {
  if (type === 'index' || type === 'bool') {
    const compute = (type === 'index' ? indexBinaries : bitwise)[op];
    if (compute === undefined) throw undefinedOp(op, type);
    return compute as (a: Scalar, b: Scalar) => Scalar;
  }
  if (isFloating(type)) return floatBinary(op, type) as (a: Scalar, b: Scalar) => Scalar;
  const wrap = wrapOf(type);
  const compute = integerBinaries[op];
  if (compute === undefined) throw undefinedOp(op, type);
  const bits = BigInt(dtypes[type].bits);
  if (is64BitInteger(type)) return (a, b) => wrap(compute(a as bigint, b as bigint, bits));
  const number = dtypes[type].kind === 'int' ? BigInt.asIntN : BigInt.asUintN;
  return (a, b) => Number(number(Number(bits), compute(BigInt(a), BigInt(b), bits)));
}

/** Floats truncate and saturate on their way to integers, NaN gives 0; integers wrap. */
export function convertFunction(from: ScalarType, to: ScalarType): (x: Scalar) => Scalar {
  if (from === to) return same;
  if (to === 'bool') return (x) => (Number(x) !== 0 ? 1 : 0);
  if (to === 'index') return (x) => Math.trunc(Number(x));
  if (to === 'float16' || to === 'bfloat16') {
    return (x) => decodeElement(to, encodeElement(to, Number(x)));
  }
  const wrap = wrapOf(to);
  if (dtypes[to].kind === 'float') return (x) => wrap(Number(x));
  const isFloat = from !== 'index' && dtypes[from].kind === 'float';
  const { bits, kind } = dtypes[to];
  const low = kind === 'int' ? -(2n ** BigInt(bits - 1)) : 0n;
  const high = 2n ** BigInt(kind === 'int' ? bits - 1 : bits) - 1n;
  return (x) => {
    if (!isFloat) return wrap(bits === 64 ? BigInt(x) : Number(BigInt.asIntN(32, BigInt(x))));
    if (Number.isNaN(x)) return bits === 64 ? 0n : 0;
    const value = x as number;
    const clamped = value <= Number(low) ? low : value >= Number(high) ? high : BigInt(Math.trunc(value));
    return bits === 64 ? clamped : Number(clamped);
  };
}

const scratch = new DataView(new ArrayBuffer(8));

/** Reinterprets the bits of a value of the same width. */
export function bitcastFunction(from: ScalarType, to: ScalarType): (x: Scalar) => Scalar {
  if (from === 'index' || to === 'index' || dtypes[from].bytes !== dtypes[to].bytes) {
    throw undefinedOp('bitcast', from);
  }
  const source = new dtypes[from].host(scratch.buffer, 0, 1);
  const target = new dtypes[to].host(scratch.buffer, 0, 1);
  return (x) => {
    source[0] = encodeElement(from, x);
    return decodeElement(to, target[0]!);
  };
}
