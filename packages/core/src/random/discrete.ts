/** Discrete distributions, as `jax.random` draws them. */
import { CeratopsError, type DType, dtypes, isInteger, type Shape } from '@ceratops/kernel-registry';
import {
  add,
  argMax,
  broadcastTo,
  compare,
  constant,
  convert,
  log,
  multiply,
  negate,
  remainder,
} from '../primitives/index.js';
import { asTensor } from '../promotion.js';
import type { Tensor } from '../tensor/tensor.js';
import { normalAxis } from './axis.js';
import { uniform } from './continuous.js';
import { floatFormat } from './floating.js';
import { type BitWidth, randomBits, split } from './keys.js';

/** True with probability `p`, a number (drawn in float32) or a floating tensor that broadcasts to the shape. */
export function bernoulli(key: Tensor, p: number | Tensor, shape?: Shape): Tensor {
  const probability = asTensor(p);
  const drawn = shape ?? probability.shape;
  const sample = uniform(key, drawn, { dtype: probability.dtype });
  return compare(sample, broadcastTo(probability, drawn), 'LT');
}

/** The standard Gumbel distribution. */
function gumbel(key: Tensor, shape: Shape, dtype: DType): Tensor {
  const { tiny } = floatFormat(dtype, 'categorical');
  return negate(log(negate(log(uniform(key, shape, { min: tiny, max: 1, dtype })))));
}

export interface CategoricalOptions {
  /** The dimension of the classes; default −1. */
  readonly axis?: number | undefined;
  /** Of the result: dimensions in front, then those of the logits without `axis`, which broadcast. */
  readonly shape?: Shape | undefined;
}

/** Class numbers (int32) drawn with the probabilities softmax(logits), by the Gumbel-max trick. */
export function categorical(key: Tensor, logits: Tensor, options: CategoricalOptions = {}): Tensor {
  const rank = logits.rank;
  const axis = normalAxis('categorical', options.axis ?? -1, rank);
  const batch = logits.shape.filter((_, i) => i !== axis);
  const shape = options.shape ?? batch;
  const front = shape.length - batch.length;
  if (front < 0 || batch.some((size, i) => size !== 1 && size !== shape[front + i])) {
    throw new CeratopsError('SHAPE_MISMATCH', 'the shape does not fit the logits', {
      subject: 'categorical',
      expected: `[…, ${batch.join(', ')}]`,
      received: `[${shape.join(',')}]`,
    });
  }
  const classes = logits.shape[axis]!;
  const drawn = [...shape.slice(0, front + axis), classes, ...shape.slice(front + axis)];
  const noise = gumbel(key, drawn, logits.dtype);
  return argMax(add(noise, broadcastTo(logits, drawn)), front + axis, 'int32');
}

export interface RandintOptions {
  /** Included. */
  readonly min: number | bigint;
  /** Excluded; may be one more than the dtype holds. */
  readonly max: number | bigint;
  /** Default int32. */
  readonly dtype?: DType | undefined;
}

/**
 * Integers in [min, max), min alone where that is empty. Two words give each number, so that the bias of the
 * remainder is small.
 */
export function randint(key: Tensor, shape: Shape, options: RandintOptions): Tensor {
  const { dtype = 'int32' } = options;
  if (!isInteger(dtype)) {
    throw new CeratopsError('DTYPE_MISMATCH', 'not an integer dtype', {
      subject: 'randint',
      expected: 'an integer dtype',
      received: dtype,
    });
  }
  const own = limitsOf(dtype);
  // Narrow dtypes are drawn in 32 bits, for less bias.
  const drawn: DType = dtypes[dtype].bits < 32 ? 'int32' : dtype;
  const limits = limitsOf(drawn);
  const max = drawn === dtype ? BigInt(options.max) : clamp(BigInt(options.max), own.lowest, own.highest + 1n);
  const min = clamp(BigInt(options.min), own.lowest, own.highest);
  const span = spanOf(min, clamp(max, limits.lowest, limits.highest), max > limits.highest, limits.bits);

  const offset = below(key, shape, span, limits.bits);
  const start = constant(limits.bits === 64 ? min : Number(min), { dtype: drawn, shape });
  return convert(add(start, convert(offset, drawn)), dtype);
}

/** (high · 2**bits + low) mod span on unsigned words; a span of 0 means 2**bits. */
function below(key: Tensor, shape: Shape, span: bigint, bits: BitWidth): Tensor {
  const [first, second] = split(key);
  const high = randomBits(first!, shape, bits);
  const low = randomBits(second!, shape, bits);
  if (span === 0n) return low;
  const filled = (value: bigint): Tensor =>
    constant(bits === 64 ? value : Number(value), { dtype: `uint${bits}`, shape });
  // 2**bits mod span, whose square root alone fits a word.
  const root = (1n << BigInt(bits / 2)) % span;
  const multiplier = BigInt.asUintN(bits, root * root) % span;
  const scaled = multiply(remainder(high, filled(span)), filled(multiplier));
  return remainder(add(scaled, remainder(low, filled(span))), filled(span));
}

interface Limits {
  readonly bits: BitWidth;
  readonly lowest: bigint;
  readonly highest: bigint;
}

function limitsOf(dtype: DType): Limits {
  const { bits, kind } = dtypes[dtype];
  const width = BigInt(bits);
  return kind === 'int'
    ? { bits: bits as BitWidth, lowest: -(1n << (width - 1n)), highest: (1n << (width - 1n)) - 1n }
    : { bits: bits as BitWidth, lowest: 0n, highest: (1n << width) - 1n };
}

function clamp(value: bigint, lowest: bigint, highest: bigint): bigint {
  if (value < lowest) return lowest;
  return value > highest ? highest : value;
}

/** How many integers there are to draw from; 0 for all of them, 1 for none. */
function spanOf(min: bigint, max: bigint, isBeyond: boolean, bits: number): bigint {
  if (max <= min) return 1n;
  return BigInt.asUintN(bits, max - min + (isBeyond ? 1n : 0n));
}
