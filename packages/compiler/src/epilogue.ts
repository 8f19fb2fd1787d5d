/**
 * Elementwise work right after a library op joins its step, so that it runs on rows that are still in cache. A late part: few
 * targets have library kernels that do so.
 */

import type { DraftStep } from './storage.js';
import type { Target } from './target.js';

type LibraryDraft = DraftStep & { readonly kind: 'library' };
type KernelDraft = DraftStep & { readonly kind: 'kernel' };

export function attachEpilogues(steps: readonly DraftStep[], target: Target): DraftStep[] {
  const joined: DraftStep[] = [];
  for (const step of steps) {
    const before = joined.at(-1);
    if (before?.kind === 'library' && step.kind === 'kernel' && fits(before, step, target)) {
      joined[joined.length - 1] = { ...before, epilogue: step };
    } else {
      joined.push(step);
    }
  }
  return joined;
}

/** The kernel works on the op's first result row by row, and writes nothing that the op reads. */
function fits(op: LibraryDraft, kernel: KernelDraft, target: Target): boolean {
  const { instruction, operandTypes, operands, results, epilogue } = op;
  if (epilogue !== undefined || kernel.rowElements === undefined || results.length !== 1) return false;
  const result = results[0]!;
  const rowByRow = kernel.inPlace.some(([read]) => kernel.storages[read] === result);
  if (!rowByRow || kernel.storages.filter((storage) => storage === result).length !== 1) return false;
  const writesOperand = kernel.storages.some(
    (storage, i) => kernel.kernel.parameters[i]!.access !== 'read' && operands.includes(storage),
  );
  if (writesOperand) return false;
  const { op: name, results: types, attributes } = instruction;
  return target.epilogue!({ op: name, operands: operandTypes, results: types, attributes });
}
