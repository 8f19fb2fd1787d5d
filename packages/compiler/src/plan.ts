/**
 * A Plan is a compiled program before a backend prints it: buffers with places, steps in order. It says what runs on
 * which memory and leaves nothing to decide but how a loop kernel or a library op is coded.
 */

import type { AnyInstruction, DType, HostArray, TensorType } from '@ceratops/kernel-registry';
import type { LoopKernel } from './loop-ir.js';

/** Index into `Plan.buffers`. */
export type BufferIndex = number;

/** Where a buffer's bytes lie. */
export type BufferPlace =
  /** The storage of program input `index`; only written when an alias is taken. */
  | { readonly kind: 'input'; readonly index: number }
  /** The storage of program output `index`. When `Plan.aliases` pairs it with an input and the caller agrees, both are one. */
  | { readonly kind: 'output'; readonly index: number }
  /** Read-only, dense data, pooled by content; equal for the plan's whole life. */
  | { readonly kind: 'constant'; readonly data: HostArray }
  /** Bytes [offset, offset + bytes) of the plan's arena. Garbage at the start of a run. */
  | { readonly kind: 'temporary'; readonly offset: number };

export interface PlanBuffer {
  readonly place: BufferPlace;
  /** Type of the elements as first written; a kernel parameter may view the same bytes under another dtype. */
  readonly dtype: DType;
  readonly elements: number;
  readonly bytes: number;
}

/** Runs `kernel` over all its items; parameter i of the kernel is buffer `buffers[i]`. */
export interface KernelStep {
  readonly kind: 'kernel';
  readonly kernel: LoopKernel;
  readonly buffers: readonly BufferIndex[];
}

/** An op that the target has a library kernel for. Buffers are dense and row-major in the given types. */
export interface LibraryStep {
  readonly kind: 'library';
  readonly instruction: AnyInstruction;
  readonly operandTypes: readonly TensorType[];
  readonly operands: readonly BufferIndex[];
  readonly results: readonly BufferIndex[];
  /** See `Target.workspace`. */
  readonly workspace?: BufferIndex | undefined;
  /** Elementwise work on the first result, to be run on its rows as they are finished; see `Target.epilogue`. */
  readonly epilogue?: Epilogue | undefined;
}

/**
 * A loop kernel whose item i reads from the library op's first result only the elements [i * rowElements,
 * (i + 1) * rowElements) and overwrites nothing else that the op reads. The op may call it for the items that it has
 * finished, while they are in cache, or for all of them at its end.
 */
export interface Epilogue {
  readonly kernel: LoopKernel;
  readonly buffers: readonly BufferIndex[];
  readonly rowElements: number;
}

/** Copies `bytes` from one buffer to another; nothing when both are the same memory. */
export interface CopyStep {
  readonly kind: 'copy';
  readonly from: BufferIndex;
  readonly to: BufferIndex;
  readonly bytes: number;
}

/** A plan run inside another: its input and output buffers are the outer plan's, its arena is the buffer `arena`. */
export interface PlanCall {
  readonly plan: Plan;
  readonly inputs: readonly BufferIndex[];
  readonly outputs: readonly BufferIndex[];
  readonly arena: BufferIndex;
}

/**
 * `while (condition) { body; copies }`. `condition` leaves a bool in `predicate`. `body` reads the carries and leaves the
 * next ones in its outputs, some of which are the carries themselves; `copies` moves the rest back, in order.
 */
export interface WhileStep {
  readonly kind: 'while';
  readonly condition: PlanCall;
  readonly predicate: BufferIndex;
  readonly body: PlanCall;
  readonly copies: readonly CopyStep[];
}

/** Runs branch number `selector` (an int32 scalar), the last one when it is out of range. */
export interface CaseStep {
  readonly kind: 'case';
  readonly selector: BufferIndex;
  readonly branches: readonly PlanCall[];
}

/**
 * Kernels of as many items each, the rows. They may run one after the other, or all of them on a few rows at a time: item i of one
 * reads of what the others write only what their item i does.
 */
export interface RowsStep {
  readonly kind: 'rows';
  readonly kernels: readonly RowsKernel[];
  /** Memory that lasts from the first kernel to the last for the same rows: bytes of one row. Garbage at first. */
  readonly locals: readonly number[];
}

export interface RowsKernel {
  readonly kernel: LoopKernel;
  /** Per parameter: a buffer of the plan or one of the step's locals, which holds row i at i times its bytes. */
  readonly buffers: readonly (BufferIndex | { readonly local: number })[];
}

export type Step = KernelStep | LibraryStep | RowsStep | CopyStep | WhileStep | CaseStep;

export interface Plan {
  readonly name: string;
  readonly buffers: readonly PlanBuffer[];
  /** Buffer of each program input, in order. */
  readonly inputs: readonly BufferIndex[];
  /** Buffer of each program output, in order; all different. */
  readonly outputs: readonly BufferIndex[];
  /**
   * Pairs whose storage may be shared at run time: every step is right whether `output` is the memory of `input` or its
   * own. A declared alias that is not here was not safe: the output needs its own memory.
   */
  readonly aliases: readonly { readonly input: number; readonly output: number }[];
  /** They run one after the other. */
  readonly steps: readonly Step[];
  /** Bytes of temporaries, nested plans included. */
  readonly arenaBytes: number;
}
