/**
 * Elementwise work right after a library op joins its step, so that it runs on rows that are still in cache. A late part: few
 * targets have library kernels that do so.
 */

import { sizeOf } from '@ceratops/kernel-registry';
import type { Blocking } from './lower/loops.js';
import type { DraftKernel, DraftLibrary, DraftStep } from './storage.js';
import type { Target } from './target.js';

/** Shorter rows do not fill the vectors of a loop over one. */
const shortestRow = 16;

/**
 * The space of a map right after a library op, cut into the rows of its result, one an item: the op can then have it done for any
 * rows that it has finished. Undefined where the map is over another space, or the rows are short.
 */
export function cutByRows(
  { query }: DraftLibrary,
  extents: readonly number[],
  cost: number,
): { readonly extents: readonly number[]; readonly blocks: Blocking } | undefined {
  const { shape } = query.results[0]!;
  const columns = shape.at(-1) ?? 1;
  const rows = sizeOf(shape) / columns;
  const isFlat = extents.length === 1 && extents[0] === rows * columns;
  const hasRows = extents.length === 2 && extents[0] === rows && extents[1] === columns;
  if (columns < shortestRow || rows < 2 || !(isFlat || hasRows)) return undefined;
  const costPerItem = Math.max(cost, 0.25) * columns;
  const blocks = { axis: 0, block: 1, blocks: rows, items: rows, costPerItem, rowElements: columns };
  return { extents: [rows, columns], blocks };
}

export function attachEpilogues(steps: readonly DraftStep[], target: Target): DraftStep[] {
  const joined: DraftStep[] = [];
  for (const step of steps) {
    const before = joined.at(-1);
    if (before?.kind === 'library' && step.kind === 'kernel' && fits(before, step, target)) {
      joined[joined.length - 1] = join(before, step);
    } else {
      joined.push(step);
    }
  }
  return joined;
}

/** The kernel works on the op's first result row by row, and writes nothing that the op reads. */
function fits(op: DraftLibrary, kernel: DraftKernel, target: Target): boolean {
  if (op.hasEpilogue || kernel.rowElements === undefined || op.query.results.length !== 1) return false;
  const rowByRow = kernel.inPlace.some(([from]) => from === op.writes[0]);
  return rowByRow && !kernel.writes.some((storage) => op.reads.includes(storage)) && target.epilogue!(op.query);
}

function join(op: DraftLibrary, kernel: DraftKernel): DraftLibrary {
  return {
    ...op,
    hasEpilogue: true,
    reads: [...op.reads, ...kernel.reads],
    writes: [...op.writes, ...kernel.writes],
    // The op may still read its operands while the epilogue runs: only its own result is changed in place.
    inPlace: kernel.inPlace.filter(([from]) => from === op.writes[0]),
    finish: (buffer) => {
      const step = op.finish(buffer);
      const { kernel: loops, buffers } = kernel.finish(buffer);
      return { ...step, epilogue: { kernel: loops, buffers, rowElements: kernel.rowElements! } };
    },
  };
}
