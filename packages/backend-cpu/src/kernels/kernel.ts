import type { FunctionIndex } from '../wasm/function-writer.js';

/**
 * An emitted kernel: a WebAssembly function `(start, end, scratch, ...addresses)` that does items [start, end) in any
 * split over threads. `scratch` is memory of the calling thread alone.
 */
export interface EmittedKernel {
  readonly function: FunctionIndex;
  readonly items: number;
  /** A rough count of scalar operations per item. */
  readonly costPerItem: number;
  readonly scratchBytes: number;
}
