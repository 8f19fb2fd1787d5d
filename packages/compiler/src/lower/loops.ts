/** Loop nests over a space: what of it becomes items, what loops, and which loop is the vector loop. */

import { stridesOf } from '@ceratops/kernel-registry';
import { Affine, combine, zero } from '../affine.js';
import type { KernelBuilder, Operand } from '../kernel-builder.js';
import type { RowRun } from '../row-runs.js';

/** Blocks of the innermost dimension start at multiples of this, so that stores of blocks do not share cache lines. */
const innermostBlock = 64;

export interface Blocking {
  /** Dimensions before `axis` and blocks of `axis` make the items. */
  readonly axis: number;
  readonly block: number;
  readonly blocks: number;
  readonly items: number;
  readonly costPerItem: number;
  /** Elements of the space per item (the last one may have fewer), where an item is one run of them. */
  readonly rowElements: number | undefined;
  /** Set where each item is a row of a run. */
  readonly run?: RowRun | undefined;
}

/**
 * Cuts a space into items that cost about `itemCost`; it depends on the space alone, never on the threads.
 * @param granule of blocks of the innermost dimension.
 */
export function blocking(
  extents: readonly number[],
  cost: number,
  itemCost: number,
  granule: number = innermostBlock,
): Blocking {
  let axis = extents.length - 1;
  let inner = Math.max(cost, 0.25);
  while (axis > 0 && inner * extents[axis]! <= itemCost) inner *= extents[axis--]!;
  if (axis < 0) return { axis: 0, block: 1, blocks: 1, items: 1, costPerItem: inner, rowElements: 1 };
  const extent = extents[axis]!;
  const unit = axis === extents.length - 1 ? granule : 1;
  const wanted = Math.ceil(itemCost / inner / unit) * unit;
  const block = Math.min(extent, Math.max(1, wanted));
  const blocks = Math.ceil(extent / block);
  const items = extents.slice(0, axis).reduce((a, b) => a * b, 1) * blocks;
  const rowElements = axis === 0 ? block * extents.slice(1).reduce((a, b) => a * b, 1) : undefined;
  return { axis, block, blocks, items, costPerItem: inner * block, rowElements };
}

/**
 * Opens the loops of a blocked space around `body`, which gets one coordinate per dimension. The last loop is a vector
 * loop if `vector`.
 */
export function openLoops(
  builder: KernelBuilder,
  extents: readonly number[],
  { axis, block, blocks, items }: Blocking,
  vector: boolean,
  body: (coordinates: readonly Affine[]) => void,
): void {
  if (extents.length === 0) {
    body([]);
    return;
  }
  const item = builder.item(items);
  const outer = builder.coordinates(item, [...extents.slice(0, axis), blocks]);
  const number = outer[axis]!;
  const coordinates = outer.slice(0, axis);
  const isLast = (at: number): boolean => at === extents.length - 1;
  const descend = (at: number): void => {
    if (at === extents.length) {
      body(coordinates);
      return;
    }
    builder.loop(extents[at]!, vector && isLast(at), (coordinate) => {
      coordinates[at] = coordinate;
      descend(at + 1);
    });
  };
  if (blocks === 1) {
    descend(axis);
    return;
  }
  if (block === 1) {
    coordinates[axis] = number;
    descend(axis + 1);
    return;
  }
  blockLoop(builder, number, block, extents[axis]!, vector && isLast(axis), (coordinate) => {
    coordinates[axis] = coordinate;
    descend(axis + 1);
  });
}

/** A loop over block `number` of [0, extent). */
export function blockLoop(
  builder: KernelBuilder,
  number: Affine,
  block: number,
  extent: number,
  vector: boolean,
  body: (coordinate: Affine) => void,
): void {
  const begin = bound(builder, combine(0, [number], [block]));
  const full = bound(builder, combine(block, [number], [block]));
  const end = extent % block === 0 ? full : builder.binary('minimum', 'index', full, builder.index(extent));
  builder.range(begin, end, extent, block, vector, body);
}

function bound(builder: KernelBuilder, form: Affine): Operand {
  const { expression, depth } = builder.indexExpression(form);
  return builder.bind(expression, depth);
}

/** The coordinates of a loop that is written out. */
export function constants(extent: number): Affine[] {
  return Array.from({ length: extent }, (_, i) => Affine.constant(i));
}

/** The linear index of coordinates in a row-major space. */
export function linear(coordinates: readonly Affine[], extents: readonly number[]): Affine {
  if (coordinates.length === 1) return coordinates[0]!;
  return coordinates.length === 0 ? zero : combine(0, coordinates, stridesOf(extents));
}
