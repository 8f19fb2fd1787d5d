/** Facts of the floating dtypes that the distributions are built on, and rounding to them on the host. */
import {
  CeratopsError,
  type DType,
  decodeBfloat16,
  decodeFloat16,
  encodeBfloat16,
  encodeFloat16,
} from '@ceratops/kernel-registry';
import type { BitWidth } from './keys.js';

export type FloatDType = 'float16' | 'bfloat16' | 'float32' | 'float64';

export interface FloatFormat {
  readonly bits: BitWidth;
  /** Bits of the mantissa that are stored. */
  readonly mantissa: number;
  /** How many random bits an element is made of. */
  readonly randomBits: BitWidth;
  /** The bits of 1. */
  readonly one: number | bigint;
  /** The smallest positive normal number. */
  readonly tiny: number;
  readonly round: (value: number) => number;
}

export const floatFormats: { readonly [D in FloatDType]: FloatFormat } = {
  float16: {
    bits: 16,
    mantissa: 10,
    randomBits: 16,
    one: 0x3c00,
    tiny: 2 ** -14,
    round: (value) => decodeFloat16(encodeFloat16(value)),
  },
  bfloat16: {
    bits: 16,
    mantissa: 7,
    randomBits: 8,
    one: 0x3f80,
    tiny: 2 ** -126,
    round: (value) => decodeBfloat16(encodeBfloat16(value)),
  },
  float32: { bits: 32, mantissa: 23, randomBits: 32, one: 0x3f800000, tiny: 2 ** -126, round: Math.fround },
  float64: {
    bits: 64,
    mantissa: 52,
    randomBits: 64,
    one: 0x3ff0000000000000n,
    tiny: 2 ** -1022,
    round: (value) => value,
  },
};

/** @throws CeratopsError DTYPE_MISMATCH for a dtype that is not floating. */
export function floatFormat(dtype: DType, subject: string): FloatFormat {
  if (Object.hasOwn(floatFormats, dtype)) return floatFormats[dtype as FloatDType];
  throw new CeratopsError('DTYPE_MISMATCH', 'not a floating dtype', {
    subject,
    expected: Object.keys(floatFormats).join(', '),
    received: dtype,
  });
}

/** The neighbour of a normal number of the format, towards zero or away from it. */
export function neighbour({ mantissa, round }: FloatFormat, value: number, direction: 'up' | 'down'): number {
  const towards = direction === 'up' ? 1 : -1;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const step = 2 ** (exponent - mantissa);
  // Below a power of two, neighbours are half as far.
  const candidate = round(value + (towards * step) / 2);
  return candidate === value ? round(value + towards * step) : candidate;
}
