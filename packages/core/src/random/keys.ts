/**
 * Random keys and the bits they give, equal to `jax.random` with partitionable threefry: element i of any array is
 * the hash of the 64-bit count i, whatever the shape.
 */
import { CeratopsError, type DType, formatType, type Shape, sizeOf } from '@ceratops/kernel-registry';
import { threefry2x32 } from '@ceratops/kernel-registry/composites';
import {
  compositeAtHand,
  concatenate,
  constant,
  convert,
  iota,
  or,
  reshape,
  shiftLeft,
  slice,
  xor,
} from '../primitives/index.js';
import { isTensor, type Tensor, tensor } from '../tensor/tensor.js';

/** The key of an integer seed: uint32[2], (0, the seed's low 32 bits), as JAX has it without 64-bit mode. */
export function key(seed: number | bigint): Tensor {
  if (typeof seed === 'number' && !Number.isInteger(seed)) {
    throw new CeratopsError('INVALID_ARGUMENT', 'the seed is no integer', {
      subject: 'key',
      expected: 'an integer',
      received: `${seed}`,
    });
  }
  return tensor(Uint32Array.of(0, Number(BigInt.asUintN(32, BigInt(seed)))));
}

function hash(of: Tensor, high: Tensor, low: Tensor): [Tensor, Tensor] {
  if (of.dtype !== 'uint32' || of.rank !== 1 || of.shape[0] !== 2) {
    throw new CeratopsError('INVALID_ARGUMENT', 'not a random key', {
      subject: 'random',
      expected: 'uint32[2]',
      received: formatType(of),
      remedy: 'make one with key(seed)',
    });
  }
  const [bits0, bits1] = compositeAtHand(threefry2x32, [of, high, low]);
  return [bits0!, bits1!];
}

/** The hashes of the counts 0, 1, 2, … in row-major order. */
function hashShape(of: Tensor, shape: Shape): [Tensor, Tensor] {
  const size = sizeOf(shape);
  if (size > 2 ** 32) {
    throw new CeratopsError('INVALID_ARGUMENT', 'too many random numbers at once', {
      subject: 'random',
      expected: 'at most 2**32 elements',
      received: `[${shape.join(',')}]`,
    });
  }
  const high = constant(0, { dtype: 'uint32', shape });
  const low = reshape(iota({ dtype: 'uint32', shape: [size] }, 0), shape);
  return hash(of, high, low);
}

/** `count` new keys; the old one should not be used again. */
export function split(of: Tensor, count = 2): Tensor[] {
  const [bits0, bits1] = hashShape(of, [count]);
  return Array.from({ length: count }, (_, i) =>
    concatenate([slice(bits0, [i], [i + 1]), slice(bits1, [i], [i + 1])], 0),
  );
}

/** A new key from a key and a number (its low 32 bits) or a uint32 scalar. */
export function foldIn(of: Tensor, data: number | bigint | Tensor): Tensor {
  const low = isTensor(data) ? convert(reshape(data, [1]), 'uint32') : slice(key(data), [1], [2]);
  return concatenate(hash(of, constant(0, { dtype: 'uint32', shape: [1] }), low), 0);
}

const unsigned: { readonly [B in BitWidth]: DType } = { 8: 'uint8', 16: 'uint16', 32: 'uint32', 64: 'uint64' };

export type BitWidth = 8 | 16 | 32 | 64;

/** Uniform bits as unsigned integers of the width. */
export function randomBits(of: Tensor, shape: Shape, bits: BitWidth = 32): Tensor {
  const [bits0, bits1] = hashShape(of, shape);
  if (bits < 64) return convert(xor(bits0, bits1), unsigned[bits]);
  const high = shiftLeft(convert(bits0, 'uint64'), constant(32n, { dtype: 'uint64', shape }));
  return or(high, convert(bits1, 'uint64'));
}
