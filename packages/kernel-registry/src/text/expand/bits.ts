/** Ops on the bits of numbers. */

import type { Emitter, Value } from '../../builder.js';
import { type DType, dtypes, isFloating } from '../../dtype.js';
import {
  add,
  and,
  bitcastConvert,
  compare,
  constantLike,
  convert,
  not,
  or,
  select,
  shiftLeft,
  shiftRightArithmetic,
  shiftRightLogical,
  subtract,
  xor,
} from '../../emit/index.js';
import type { ComparisonDirection } from '../../opset.js';
import { type Expansion, onFloats } from './expansion.js';

const directions: readonly ComparisonDirection[] = ['EQ', 'NE', 'LT', 'LE', 'GT', 'GE'];

const comparisonTypes = ['FLOAT', 'TOTALORDER', 'SIGNED', 'UNSIGNED'] as const;

/** The bits of a float as integers of its width. */
export function bitsOf(emitter: Emitter, x: Value, kind: 'int' | 'uint'): Value {
  const dtype = `${kind}${dtypes[x.type.dtype].bits}` as DType;
  return bitcastConvert(emitter, x, { dtype, shape: x.type.shape });
}

/** IEEE's total order as integers: the magnitude bits of negative numbers are turned over. */
export function totalOrderKey(emitter: Emitter, x: Value): Value {
  const bits = bitsOf(emitter, x, 'int');
  const signs = shiftRightArithmetic(emitter, bits, constantLike(emitter, bits, dtypes[x.type.dtype].bits - 1));
  return xor(emitter, bits, shiftRightLogical(emitter, signs, constantLike(emitter, bits, 1)));
}

/** The opset compares in the order of its dtype; only TOTALORDER asks for another one. */
const compareBy: Expansion = (emitter, [lhs, rhs], { fields }) => {
  const direction = fields.word('comparison_direction', directions);
  const total = fields.word('compare_type', comparisonTypes, 'FLOAT') === 'TOTALORDER';
  if (!total || !isFloating(lhs!.type.dtype)) return [compare(emitter, lhs!, rhs!, direction)];
  return [compare(emitter, totalOrderKey(emitter, lhs!), totalOrderKey(emitter, rhs!), direction)];
};

/** A repeating pattern of `run` ones and `run` zeros, lowest first. */
function stripes(bits: number, run: number): bigint {
  let mask = 0n;
  for (let start = 0; start < bits; start += 2 * run) mask |= ((1n << BigInt(run)) - 1n) << BigInt(start);
  return mask;
}

/** Adds neighbouring fields of 1, 2, 4, … bits. */
function populationCount(emitter: Emitter, x: Value): Value {
  const { bits } = dtypes[x.type.dtype];
  let counts = convert(emitter, x, `uint${bits}` as DType);
  const number = (value: bigint): Value => constantLike(emitter, counts, bits === 64 ? value : Number(value));
  for (let run = 1; run < bits; run *= 2) {
    const mask = number(stripes(bits, run));
    const upper = and(emitter, shiftRightLogical(emitter, counts, number(BigInt(run))), mask);
    counts = add(emitter, and(emitter, counts, mask), upper);
  }
  return convert(emitter, counts, x.type.dtype);
}

/** Fills all bits below the highest one; what stays zero leads. */
function countLeadingZeros(emitter: Emitter, x: Value): Value {
  const { bits } = dtypes[x.type.dtype];
  let filled = x;
  for (let shift = 1; shift < bits; shift *= 2) {
    filled = or(emitter, filled, shiftRightLogical(emitter, filled, constantLike(emitter, x, shift)));
  }
  return populationCount(emitter, not(emitter, filled));
}

/** One bit pattern up or down, towards the second operand. */
function nextAfter(emitter: Emitter, from: Value, to: Value): Value {
  const zero = constantLike(emitter, from, 0);
  const key = bitsOf(emitter, from, 'int');
  const towards = bitsOf(emitter, to, 'int');
  const one = constantLike(emitter, key, 1);
  const magnitude = (bits: Value): Value => shiftRightLogical(emitter, shiftLeft(emitter, bits, one), one);
  const none = constantLike(emitter, key, 0);
  const signBit = xor(emitter, towards, magnitude(towards));
  const signsDiffer = compare(emitter, xor(emitter, key, towards), none, 'LT');
  const larger = compare(emitter, magnitude(key), magnitude(towards), 'GT');
  const stepped = select(
    emitter,
    or(emitter, signsDiffer, larger),
    subtract(emitter, key, one),
    add(emitter, key, one),
  );
  const fromZero = or(emitter, signBit, one);
  const moved = select(emitter, compare(emitter, from, zero, 'EQ'), fromZero, stepped);
  const result = bitcastConvert(emitter, moved, from.type);
  const unordered = or(emitter, compare(emitter, from, from, 'NE'), compare(emitter, to, to, 'NE'));
  const arrived = compare(emitter, from, to, 'EQ');
  return select(emitter, unordered, add(emitter, from, to), select(emitter, arrived, to, result));
}

/** Exponent and mantissa bits of the IEEE-like formats. */
const floatFields: Readonly<Partial<Record<DType, readonly [exponent: number, mantissa: number]>>> = {
  float16: [5, 10],
  bfloat16: [8, 7],
  float32: [8, 23],
  float64: [11, 52],
};

/** Rounds to `mantissa` bits, to nearest even; beyond the reduced exponents is infinity, below them zero. */
const reducePrecision: Expansion = (emitter, [x], { fields, fail }) => {
  const [, toExponent, toMantissa] = /^e(\d+)m(\d+)$/.exec(formatOf(fields)) ?? [];
  const format = floatFields[x!.type.dtype];
  if (toExponent === undefined || !format) throw fail('format = e<bits>m<bits>');
  const [exponent, mantissa] = format;
  const narrowed = roundMantissa(emitter, x!, mantissa - Number(toMantissa));
  const bounded =
    Number(toExponent) < exponent ? boundExponent(emitter, narrowed, Number(toExponent), format) : narrowed;
  if (bounded === x) return [x!];
  // Without mantissa bits there is no NaN: what is left of it is an infinity.
  const notANumber = Number(toMantissa) > 0 ? x! : withoutMantissa(emitter, x!, mantissa);
  return [select(emitter, compare(emitter, x!, x!, 'NE'), notANumber, bounded)];
};

function withoutMantissa(emitter: Emitter, x: Value, mantissa: number): Value {
  const bits = bitsOf(emitter, x, 'uint');
  const mask = numbersLike(emitter, bits)((1n << BigInt(mantissa)) - 1n);
  return bitcastConvert(emitter, and(emitter, bits, not(emitter, mask)), x.type);
}

function formatOf(fields: Parameters<Expansion>[2]['fields']): string {
  const format = fields.get('format');
  if (format?.kind === 'words') return format.words[0]!;
  return `e${fields.integer('exponent_bits')}m${fields.integer('mantissa_bits')}`;
}

/** Integer constants beside `like`, whatever its width. */
function numbersLike(emitter: Emitter, like: Value): (value: bigint) => Value {
  return (value) => constantLike(emitter, like, dtypes[like.type.dtype].bits === 64 ? value : Number(value));
}

function roundMantissa(emitter: Emitter, x: Value, dropped: number): Value {
  if (dropped <= 0) return x;
  const bits = bitsOf(emitter, x, 'uint');
  const number = numbersLike(emitter, bits);
  const last = and(emitter, shiftRightLogical(emitter, bits, number(BigInt(dropped))), number(1n));
  const rounded = add(emitter, bits, add(emitter, last, number((1n << BigInt(dropped - 1)) - 1n)));
  const kept = not(emitter, number((1n << BigInt(dropped)) - 1n));
  return bitcastConvert(emitter, and(emitter, rounded, kept), x.type);
}

function boundExponent(emitter: Emitter, x: Value, exponent: number, format: readonly [number, number]): Value {
  const bits = bitsOf(emitter, x, 'uint');
  const number = numbersLike(emitter, bits);
  const [fullExponent, mantissa] = format;
  const bias = (1n << BigInt(fullExponent - 1)) - 1n;
  const reducedBias = (1n << BigInt(exponent - 1)) - 1n;
  const signBit = 1n << BigInt(fullExponent + mantissa);
  const infinity = ((1n << BigInt(fullExponent)) - 1n) << BigInt(mantissa);
  const sign = and(emitter, bits, number(signBit));
  const field = shiftRightLogical(emitter, and(emitter, bits, number(infinity)), number(BigInt(mantissa)));
  const over = compare(emitter, field, number(bias + reducedBias), 'GT');
  const under = compare(emitter, field, number(bias - reducedBias), 'LE');
  const bounded = select(emitter, over, or(emitter, sign, number(infinity)), select(emitter, under, sign, bits));
  return bitcastConvert(emitter, bounded, x.type);
}

export const bitExpansions: Readonly<Record<string, Expansion>> = {
  'stablehlo.compare': compareBy,
  'stablehlo.popcnt': (emitter, [x]) => [populationCount(emitter, x!)],
  'stablehlo.count_leading_zeros': (emitter, [x]) => [countLeadingZeros(emitter, x!)],
  'stablehlo.reduce_precision': reducePrecision,
  'chlo.next_after': onFloats((emitter, from, to) => nextAfter(emitter, from!, to!)),
};
