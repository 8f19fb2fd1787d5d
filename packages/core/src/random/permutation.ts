/** Random orders, by sorting with random keys as `jax.random.permutation` does. */
import type { GatherAttributes } from '@ceratops/kernel-registry';
import { gather, iota, sort } from '../primitives/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { normalAxis } from './axis.js';
import { randomBits, split } from './keys.js';

const largestWord = 2 ** 32 - 1;
/** Rounds of sorting are as many as make a collision of all keys of two elements about as likely as size^-3. */
const exponent = 3;

/** Shuffles each vector along `axis` on its own. */
export function shuffle(key: Tensor, x: Tensor, axis = 0): Tensor {
  const dimension = normalAxis('shuffle', axis, x.rank);
  const rounds = Math.ceil((exponent * Math.log(Math.max(1, x.size))) / Math.log(largestWord));
  let shuffled = x;
  let current = key;
  for (let round = 0; round < rounds; round++) {
    const [next, drawn] = split(current);
    current = next!;
    shuffled = sort([randomBits(drawn!, x.shape), shuffled], dimension)[1]!;
  }
  return shuffled;
}

/** 0 … x−1 (int32) in random order, or the slices of `x` along `axis` in one random order. */
export function permutation(key: Tensor, x: number | Tensor, axis = 0): Tensor {
  if (typeof x === 'number') return shuffle(key, iota({ dtype: 'int32', shape: [x] }, 0));
  const dimension = normalAxis('permutation', axis, x.rank);
  if (x.rank === 1) return shuffle(key, x);
  return take(x, permutation(key, x.shape[dimension]!), dimension);
}

function take(x: Tensor, order: Tensor, dimension: number): Tensor {
  const attributes: GatherAttributes = {
    offsetDims: x.shape.map((_, axis) => axis).filter((axis) => axis !== dimension),
    collapsedSliceDims: [dimension],
    operandBatchingDims: [],
    startIndicesBatchingDims: [],
    startIndexMap: [dimension],
    indexVectorDim: 1,
    sliceSizes: x.shape.map((size, axis) => (axis === dimension ? 1 : size)),
    indicesAreSorted: false,
  };
  return gather(x, order, attributes);
}
