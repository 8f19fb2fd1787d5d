/** Coordinates of shapes whose dimensions of size 1 get no loop. */

import type { Shape } from '@ceratops/kernel-registry';
import { type Affine, zero } from '../affine.js';

/** The sizes that need a loop. */
export function loopSizes(shape: Shape): number[] {
  return shape.filter((size) => size !== 1);
}

/** Coordinates for all of `shape` from those of its loops. */
export function withUnitAxes(shape: Shape, coordinates: readonly Affine[]): Affine[] {
  let next = 0;
  return shape.map((size) => (size === 1 ? zero : coordinates[next++]!));
}
