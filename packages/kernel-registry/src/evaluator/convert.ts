/** convert and bitcast_convert. */

import { type DType, dtypes, is64BitInteger, isComplex, isFloating } from '../dtype.js';
import type { Context, EvaluateRule } from './context.js';
import { wrapNumber } from './integer.js';
import type { Round } from './rounding.js';
import { type Complex, fromHost, type Scalar, toHost } from './tensor.js';

/** Rounds once: the bits below float64's are folded into a sticky bit before the dtype's own rounding. */
function bigintToFloat(x: bigint, round: Round): number {
  const magnitude = x < 0n ? -x : x;
  if (magnitude < 1n << 53n) return round(Number(x));
  const sticky = magnitude & 0xfffn ? 1n : 0n;
  const rounded = round(Number((magnitude >> 12n) | sticky) * 4096);
  return x < 0n ? -rounded : rounded;
}

type FromReal = (x: number | bigint) => Scalar;

/** Floats truncate and saturate, NaN is 0; integers wrap. */
function toInteger(from: DType, to: DType): FromReal {
  const { bits, kind } = dtypes[to];
  const signed = kind === 'int';
  const wide = bits === 64;
  const wrapBig = (x: bigint): bigint => (signed ? BigInt.asIntN(bits, x) : BigInt.asUintN(bits, x));
  if (isFloating(from) || isComplex(from)) {
    const low = signed ? -(2 ** (bits - 1)) : 0;
    const high = signed ? 2 ** (bits - 1) : 2 ** bits;
    return (value) => {
      const x = Number.isNaN(value) ? 0 : Math.trunc(value as number);
      // `high` is one too large, but exact in float64 for every width.
      if (wide) return x >= high ? wrapBig(BigInt(high) - 1n) : BigInt(Math.max(x, low));
      return Math.min(Math.max(x, low), high - 1) + 0;
    };
  }
  if (wide) return (value) => wrapBig(BigInt(value));
  if (is64BitInteger(from)) return (value) => Number(wrapBig(value as bigint));
  return (value) => wrapNumber(value as number, bits, signed);
}

function toFloat(from: DType, to: DType, context: Context): (x: number | bigint) => number {
  const round = context.round(to);
  // A float64 holds 53 bits: widening is one rounding of its own.
  if (is64BitInteger(from)) {
    return dtypes[to].bits === 64 || to === 'complex128' ? (x) => Number(x) : (x) => bigintToFloat(x as bigint, round);
  }
  return (x) => round(x as number);
}

function realConverter(from: DType, to: DType, context: Context): FromReal {
  if (to === 'bool') return (x) => (Number(x) !== 0 ? 1 : 0);
  return isFloating(to) ? toFloat(from, to, context) : toInteger(from, to);
}

/** The function from one element of `from` to one of `to`. A complex number gives its real part. */
export function converter(from: DType, to: DType, context: Context): (x: Scalar) => Scalar {
  if (isComplex(to)) {
    if (isComplex(from)) {
      const round = context.round(to);
      return (x) => ({ re: round((x as Complex).re), im: round((x as Complex).im) });
    }
    const part = toFloat(from, to, context);
    return (x) => ({ re: part(x as number), im: 0 });
  }
  const real = realConverter(from, to, context);
  return isComplex(from) ? (x) => real((x as Complex).re) : (x) => real(x as number | bigint);
}

/** Reinterprets the dense little-endian bytes; a narrower dtype adds a minor dimension, lowest bits first. */
export const evaluateBitcast: EvaluateRule<'bitcast_convert'> = ({ operands, results }) => {
  const [type] = results;
  const bytes = toHost(operands[0]!);
  const host = dtypes[type!.dtype].host;
  return [fromHost(type!, new host(bytes.buffer, 0, bytes.byteLength / host.BYTES_PER_ELEMENT))];
};
