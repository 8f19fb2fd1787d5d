/** What a kernel for this backend is: WebAssembly functions, and the buffers that they are called with. */

import type { FunctionIndex } from '../wasm/function-writer.js';
import type { ModuleWriter } from '../wasm/module-writer.js';
import type { Blocking, GemmTuning } from './blocking.js';

/**
 * An emitted WebAssembly function `(start, end, scratch, ...addresses)`, all i32, that does items [start, end) in any
 * split over threads. `scratch` is memory of the calling thread alone. Up to 256 bytes behind a buffer may be read.
 */
export interface EmittedKernel {
  readonly function: FunctionIndex;
  readonly items: number;
  /** A rough count of scalar operations per item. */
  readonly costPerItem: number;
  readonly scratchBytes: number;
}

/** A buffer that a kernel is called with. */
export type KernelBuffer =
  | { readonly kind: 'operand' | 'result'; readonly index: number }
  /** Memory for the op alone, at this offset. */
  | { readonly kind: 'workspace'; readonly offset: number };

export interface KernelCall {
  readonly kernel: EmittedKernel;
  readonly buffers: readonly KernelBuffer[];
}

/** One op: calls, one after the other, each shared among the threads. */
export interface KernelCode {
  readonly calls: readonly KernelCall[];
  readonly workspaceBytes: number;
  /** For `explain`. Matrix products say how they are cut, and leave the words to it. */
  readonly description: string | Blocking;
}

/** What kernels are emitted into. */
export interface KernelTarget {
  readonly module: ModuleWriter;
  readonly tuning: GemmTuning;
  /** Emits what is the same for several ops of a program once. */
  shared<T>(key: string, emit: () => T): T;
}

/** A row of the registry's kernels for `cpu` emits into a module. */
export type CpuKernel = (target: KernelTarget) => KernelCode;

declare module '@ceratops/kernel-registry' {
  interface KernelEmitters {
    readonly cpu: CpuKernel;
  }
}
