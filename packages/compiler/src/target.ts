import type { OpQuery } from '@ceratops/kernel-registry';
import type { LateParts } from './late-parts.js';
import type { LoweredGroups } from './lower/recall.js';

/** What the compiler needs to know of a code-generating backend. */
export interface Target {
  readonly name: string;
  /**
   * True when the backend has its own kernel for this op: it becomes a library step. Only asked for ops that are neither
   * elementwise, views, constants nor control; pure, so the same question always gets the same answer.
   */
  library(query: OpQuery): boolean;
  /** Bytes of temporary memory that the library kernel of `query` wants for its step. Default: none. */
  readonly workspace?: ((query: OpQuery) => number) | undefined;
  /** True when the library kernel of `query` runs an epilogue (see `Epilogue` in plan.ts). Default: never. */
  readonly epilogue?: ((query: OpQuery) => boolean) | undefined;
  /** True when the backend runs steps of kind `rows`: there are some where `late` is there. Default: false. */
  readonly rows?: boolean | undefined;
  /**
   * `lateParts` of `@ceratops/compiler/late`. Undefined where they have not been loaded yet: a program that needs them then
   * ends with `LatePartsNeeded`.
   */
  readonly late: LateParts | undefined;
  /** Kernels of groups in former programs for this target, and for no other. */
  readonly lowered?: LoweredGroups | undefined;
  /** Alignment of arena offsets in bytes; a power of two. */
  readonly alignment: number;
  /** Scalar operations that one item of a kernel should have at least, when there are that many. */
  readonly itemCost: number;
}
