/** Prefix sums of any associative function, in logarithmic depth. */
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Tensor } from '../tensor/tensor.js';
import { tensorList } from '../transform/region.js';
import { concatenate, reshape, reverse, slice } from './movement.js';

/** (earlier…, later…) → combined…, on slices along the dimension; it must be associative. */
export type Combine = (earlier: readonly Tensor[], later: readonly Tensor[]) => Tensor | readonly Tensor[];

export interface AssociativeScanOptions {
  /** From the end. */
  readonly reverse?: boolean | undefined;
  /** Default 0. */
  readonly dimension?: number | undefined;
}

/**
 * The combinations of the first 1, 2, … slices, as `jax.lax.associative_scan` combines them.
 * @throws CeratopsError SHAPE_MISMATCH when elements differ in length.
 */
export function associativeScan(
  combine: Combine,
  elements: readonly Tensor[],
  options: AssociativeScanOptions = {},
): Tensor[] {
  const { dimension = 0 } = options;
  const lengths = new Set(elements.map(({ shape }) => shape[dimension]));
  if (lengths.size !== 1) {
    throw new CeratopsError('SHAPE_MISMATCH', 'elements of one length are needed', {
      subject: 'associativeScan',
      expected: `the same size of dimension ${dimension}`,
      received: elements.map(({ shape }) => `[${shape.join(',')}]`).join(', ') || 'no elements',
    });
  }
  const turned = (xs: readonly Tensor[]): Tensor[] =>
    options.reverse ? xs.map((x) => reverse(x, [dimension])) : [...xs];
  return turned(prefixes(combine, turned(elements), dimension));
}

function prefixes(combine: Combine, elements: readonly Tensor[], dimension: number): Tensor[] {
  const length = elements[0]!.shape[dimension]!;
  if (length < 2) return [...elements];
  const part = (xs: readonly Tensor[], from: number, to: number, stride = 1): Tensor[] =>
    xs.map((x) => strided(x, dimension, from, to, stride));
  const combined = (a: readonly Tensor[], b: readonly Tensor[]): readonly Tensor[] => tensorList(combine(a, b));
  const pairs = combined(part(elements, 0, length - 1, 2), part(elements, 1, length, 2));
  const odd = prefixes(combine, pairs, dimension);
  const before = length % 2 === 0 ? part(odd, 0, length / 2 - 1) : odd;
  const later = part(elements, 2, length, 2);
  const even = later[0]!.shape[dimension] === 0 ? later : combined(before, later);
  return elements.map((element, i) => {
    const first = strided(element, dimension, 0, 1, 1);
    return interleave(concatenate([first, even[i]!], dimension), odd[i]!, dimension, length);
  });
}

function strided(x: Tensor, dimension: number, from: number, to: number, stride: number): Tensor {
  const at = (value: number, other: readonly number[]): number[] =>
    other.map((size, i) => (i === dimension ? value : size));
  const zeros = x.shape.map(() => 0);
  return slice(
    x,
    at(from, zeros),
    at(Math.max(from, to), x.shape),
    at(
      stride,
      x.shape.map(() => 1),
    ),
  );
}

/** a₀ b₀ a₁ b₁ …, `length` of them; a may be one longer. */
function interleave(a: Tensor, b: Tensor, dimension: number, length: number): Tensor {
  const { shape } = a;
  const half = shape[dimension]!;
  const filled =
    b.shape[dimension] === half ? b : concatenate([b, strided(a, dimension, half - 1, half, 1)], dimension);
  const column = (x: Tensor): Tensor =>
    reshape(x, [...shape.slice(0, dimension + 1), 1, ...shape.slice(dimension + 1)]);
  const both = concatenate([column(a), column(filled)], dimension + 1);
  const joined = reshape(
    both,
    shape.map((size, i) => (i === dimension ? 2 * half : size)),
  );
  return strided(joined, dimension, 0, length, 1);
}
