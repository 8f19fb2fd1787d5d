/** Pieces of memory and steps while a plan is made: steps name storages, the memory plan gives them places. */

import type { AnyInstruction, DType, HostArray, TensorType } from '@ceratops/kernel-registry';
import type { StorageId } from './kernel-builder.js';
import type { LoopKernel } from './loop-ir.js';
import type { BufferIndex, CaseStep, WhileStep } from './plan.js';

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

export interface DraftKernel {
  readonly kernel: LoopKernel;
  readonly storages: readonly StorageId[];
  /** Pairs (read parameter, written parameter) that may be the same memory. */
  readonly inPlace: readonly (readonly [number, number])[];
  /** Set when item i works on the elements [i * rowElements, (i + 1) * rowElements) of what it reads and writes in place. */
  readonly rowElements?: number | undefined;
}

/** Steps as in plan.ts, with storages for buffers. */
export type DraftStep =
  | (DraftKernel & { readonly kind: 'kernel' })
  | {
      readonly kind: 'library';
      readonly instruction: AnyInstruction;
      readonly operandTypes: readonly TensorType[];
      readonly operands: readonly StorageId[];
      readonly results: readonly StorageId[];
      readonly epilogue?: DraftKernel | undefined;
    }
  | (DraftCopy & { readonly kind: 'copy' })
  | (Accesses & {
      readonly kind: 'control';
      /** The step, once its storages have buffers. */
      readonly finish: (buffer: (storage: StorageId) => BufferIndex) => WhileStep | CaseStep;
    });

export interface Accesses {
  readonly reads: readonly StorageId[];
  readonly writes: readonly StorageId[];
}

export interface DraftCopy {
  readonly from: StorageId;
  readonly to: StorageId;
  readonly bytes: number;
}
