/** What queries see of keys, as bool tensors that broadcast to [batch, queries, keys]. */

import type { Tensor } from '@ceratops/core';
import { iota } from '@ceratops/core/primitives';
import { CeratopsError } from '@ceratops/kernel-registry';
import { abs, cast, expandDims, greaterEqual, less, logicalAnd, subtract } from '../ops/common.js';
import { shapeOfMask } from './mask-shape.js';

function positions(queries: number, keys: number, axis: 1 | 2): Tensor {
  return iota({ dtype: 'int32', shape: [1, queries, keys] }, axis);
}

/** [1, queries, keys]: true up to each query's own position. */
export function causalMask(queries: number, keys: number): Tensor {
  return greaterEqual(positions(queries, keys, 1), positions(queries, keys, 2));
}

/** [1, queries, keys]: true where the positions are less than `width` apart. */
export function windowMask(queries: number, keys: number, width: number): Tensor {
  return less(abs(subtract(positions(queries, keys, 1), positions(queries, keys, 2))), width);
}

/** Where all of the masks are true; undefined when there is none. */
export function allOf(masks: readonly (Tensor | undefined | null)[]): Tensor | undefined {
  const given = masks.filter((mask): mask is Tensor => mask !== undefined && mask !== null);
  return given.length === 0 ? undefined : given.map((mask) => cast(mask, 'bool')).reduce((a, b) => logicalAnd(a, b));
}

/** The mask with axes of size 1 put in, `place` counting from the end, until it has the rank. */
export function atRank(mask: Tensor | undefined, rank: number, place: number): Tensor | undefined {
  if (mask === undefined || mask.shape.length >= rank) return mask;
  return atRank(expandDims(mask, place), rank, place);
}

/**
 * @param shapes what a mask may broadcast to, as a list of alternatives by rank; null fits any size.
 * @throws SHAPE_MISMATCH for a mask that broadcasts to none of them; INVALID_ARGUMENT for one that is no tensor.
 */
export function checkMask(
  name: string,
  mask: Tensor | undefined | null,
  ...shapes: readonly (readonly (number | null)[])[]
): void {
  if (mask === undefined || mask === null) return;
  const given = shapeOfMask(name, mask);
  const fits = (shape: readonly (number | null)[]): boolean =>
    given.length === shape.length &&
    given.every((size, axis) => size === 1 || shape[axis] === null || size === shape[axis]);
  if (shapes.some(fits)) return;
  throw new CeratopsError('SHAPE_MISMATCH', `${name} does not fit`, {
    expected: `${shapes.map((shape) => `[${shape.map((size) => size ?? 'heads').join(', ')}]`).join(' or ')}, or 1 in place of a size`,
    received: `[${given.join(', ')}]`,
  });
}
