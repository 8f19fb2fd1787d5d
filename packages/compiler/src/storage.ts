/** Pieces of memory and steps while a plan is made: steps name storages, the memory plan gives them places. */

import type { DType, HostArray, OpQuery } from '@ceratops/kernel-registry';
import type { StorageId } from './kernel-builder.js';
import type { BufferIndex, CopyStep, KernelStep, LibraryStep, Step } from './plan.js';
import type { RowRun } from './row-runs.js';

export interface Storage {
  readonly dtype: DType;
  readonly elements: number;
  readonly bytes: number;
  /** Program input that it is. */
  readonly input?: number;
  /** Program output that it is. */
  readonly output?: number;
  readonly data?: HostArray;
}

/** A step before its storages have buffers. */
interface Draft {
  readonly reads: readonly StorageId[];
  readonly writes: readonly StorageId[];
  /** Pairs (read, written) that may be the same memory. */
  readonly inPlace: readonly (readonly [StorageId, StorageId])[];
  /** The step, with the buffers of its storages; none where these leave nothing to do. */
  finish(buffer: BufferOf): Step | undefined;
}

export type BufferOf = (storage: StorageId) => BufferIndex;

export interface DraftKernel extends Draft {
  readonly kind: 'kernel';
  /** Set when item i works on the elements [i * rowElements, (i + 1) * rowElements) of what it reads and writes in place. */
  readonly rowElements: number | undefined;
  /** Set when item i works on row i of a run. */
  readonly run: RowRun | undefined;
  finish(buffer: BufferOf): KernelStep;
}

export interface DraftLibrary extends Draft {
  readonly kind: 'library';
  readonly query: OpQuery;
  readonly hasEpilogue: boolean;
  finish(buffer: BufferOf): LibraryStep;
}

export interface DraftCopy extends Draft {
  readonly kind: 'copy';
  finish(buffer: BufferOf): CopyStep | undefined;
}

/** Kernels of a run of rows. */
export interface DraftRows extends Draft {
  readonly kind: 'rows';
}

export interface DraftControl extends Draft {
  readonly kind: 'control';
}

export type DraftStep = DraftKernel | DraftLibrary | DraftCopy | DraftRows | DraftControl;

export function draftCopy(from: StorageId, to: StorageId, bytes: number): DraftCopy {
  const finish = (buffer: BufferOf): CopyStep | undefined => {
    const copy = { kind: 'copy', from: buffer(from), to: buffer(to), bytes } as const;
    return copy.from === copy.to || bytes === 0 ? undefined : copy;
  };
  return { kind: 'copy', reads: [from], writes: [to], inPlace: [[from, to]], finish };
}
