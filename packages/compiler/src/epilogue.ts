/**
 * Elementwise work right after a library op joins its step, so that it runs on rows that are still in cache. A late part: few
 * targets have library kernels that do so.
 */

import type { DraftKernel, DraftLibrary, DraftStep } from './storage.js';
import type { Target } from './target.js';

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
  if (op.hasEpilogue || kernel.rowElements === undefined || op.writes.length !== 1) return false;
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
