/** Continuous distributions, as `jax.random` draws them. */
import type { DType, Shape } from '@ceratops/kernel-registry';
import { erfInv } from '@ceratops/kernel-registry/composites';
import {
  add,
  bitcastConvert,
  broadcastTo,
  compositeAtHand,
  constant,
  convert,
  maximum,
  minimum,
  multiply,
  or,
  shiftRightLogical,
  subtract,
} from '../primitives/index.js';
import { asTensor } from '../promotion.js';
import type { Tensor } from '../tensor/tensor.js';
import { erf } from './erf.js';
import { floatFormat, neighbour } from './floating.js';
import { randomBits } from './keys.js';

export interface UniformOptions {
  /** Default 0. A tensor must broadcast to the shape. */
  readonly min?: number | Tensor | undefined;
  /** Default 1. */
  readonly max?: number | Tensor | undefined;
  /** Default float32. */
  readonly dtype?: DType | undefined;
}

/** Uniform in [min, max): the random bits are the mantissa of a number in [1, 2). */
export function uniform(key: Tensor, shape: Shape, options: UniformOptions = {}): Tensor {
  const { min = 0, max = 1, dtype = 'float32' } = options;
  const { bits, mantissa, randomBits: drawn, one } = floatFormat(dtype, 'uniform');
  const unsigned: DType = `uint${bits}`;
  const word = convert(randomBits(key, shape, drawn), unsigned);
  const filled = (value: number | bigint): Tensor => constant(value, { dtype: unsigned, shape });
  const distance = drawn - mantissa;
  const shifted = shiftRightLogical(word, filled(bits === 64 ? BigInt(distance) : distance));
  const fraction = subtract(bitcastConvert(or(shifted, filled(one)), { dtype, shape }), constant(1, { dtype, shape }));
  if (min === 0 && max === 1) return fraction;
  const low = asTensor(min, dtype);
  const high = asTensor(max, dtype);
  const ofLimits = low.rank === 0 && high.rank === 0 ? [] : shape;
  const span = subtract(broadcastTo(high, ofLimits), broadcastTo(low, ofLimits));
  const start = broadcastTo(low, shape);
  return maximum(start, add(multiply(fraction, broadcastTo(span, shape)), start));
}

export interface NormalOptions {
  /** Default float32. */
  readonly dtype?: DType | undefined;
}

/** The standard normal distribution. */
export function normal(key: Tensor, shape: Shape, options: NormalOptions = {}): Tensor {
  const { dtype = 'float32' } = options;
  const format = floatFormat(dtype, 'normal');
  const sample = uniform(key, shape, { min: neighbour(format, -1, 'up'), max: 1, dtype });
  return multiply(constant(Math.SQRT2, { dtype, shape }), compositeAtHand(erfInv, [sample])[0]!);
}

export interface TruncatedNormalOptions extends NormalOptions {
  /** Default −2. */
  readonly lower?: number | undefined;
  /** Default 2. */
  readonly upper?: number | undefined;
}

/** The standard normal distribution cut to the open interval (lower, upper). */
export function truncatedNormal(key: Tensor, shape: Shape, options: TruncatedNormalOptions = {}): Tensor {
  const { lower = -2, upper = 2, dtype = 'float32' } = options;
  const format = floatFormat(dtype, 'truncatedNormal');
  const { round } = format;
  const cumulative = (bound: number): number => round(erf(round(round(bound) / round(Math.SQRT2))));
  const sample = uniform(key, shape, { min: cumulative(lower), max: cumulative(upper), dtype });
  const scaled = multiply(constant(Math.SQRT2, { dtype, shape }), compositeAtHand(erfInv, [sample])[0]!);
  const inside = (bound: number, direction: 'up' | 'down'): Tensor =>
    constant(neighbour(format, round(bound), direction), { dtype, shape });
  return minimum(maximum(scaled, inside(lower, 'up')), inside(upper, 'down'));
}
