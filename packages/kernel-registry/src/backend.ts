/**
 * What a backend is. It is not a tensor library: it holds dense, row-major, typed buffers under ids that the *client*
 * chooses, and it compiles and runs Programs over them. Shapes, autodiff, caching and lifetime are the client's.
 *
 * Everything here must hold for a CPU in this process, a GPU behind a queue and a server two networks away: calls
 * return at once, work happens in the order of the calls, and `read` is the only wait.
 */

import type { DType, HostArray } from './dtype.js';
import type { CeratopsError } from './errors.js';
import type { OpAttributes, OpName } from './opset.js';
import type { BackendProfile } from './profile.js';
import type { Program } from './program.js';
import type { TensorType } from './tensor-type.js';

/** Version of this contract; packages name it as a peer dependency. */
export const contractVersion = '0.1.0';

/** A buffer's name, chosen by the client, never reused while the backend lives. */
export type BufferId = number;

export interface DTypeSupport {
  /** Buffers of this dtype can be written, read and moved. */
  readonly storage: boolean;
  /** Every op that takes this dtype computes in it (or wider, rounding once). */
  readonly arithmetic: boolean;
  /** Dot and convolution in it are faster than in float32. */
  readonly accelerated: boolean;
}

export interface Device {
  readonly id: number;
  readonly kind: string;
  readonly description: string;
}

export interface OpQuery<O extends OpName = OpName> {
  readonly op: O;
  readonly operands: readonly TensorType[];
  readonly results: readonly TensorType[];
  readonly attributes: OpAttributes[O];
}

export type QueryAnswer =
  /** The backend runs it as it is. */
  | { readonly kind: 'native' }
  /** Replace it by its decomposition (composites) before compiling. */
  | { readonly kind: 'decompose' }
  | { readonly kind: 'unsupported'; readonly reason: string };

export interface MemoryStatistics {
  /** Bytes held by live buffers, constants and temporaries. */
  readonly liveBytes: number;
  readonly peakBytes: number;
  readonly liveBuffers: number;
}

export interface ExecuteCall {
  /** One per program input, in order. */
  readonly inputs: readonly BufferId[];
  /** One fresh id per program output, in order. They exist from this call on, even before their data does. */
  readonly outputs: readonly BufferId[];
  /**
   * Indices of the inputs whose declared alias must not be taken at this call (a user still holds them): the backend copies. The
   * same buffer given twice vetoes itself. An input whose alias is taken is gone after the call.
   */
  readonly vetoed?: readonly number[] | undefined;
}

export interface Executable {
  readonly program: Program;
  /** Bytes of temporaries that a run needs beside inputs and outputs. */
  readonly temporaryBytes: number;
  /**
   * Enqueues one run and returns. A failure poisons the outputs: reading one rejects with the first cause. Throws
   * at once only for a call that breaks this contract (unknown id, wrong type or count).
   */
  execute(call: ExecuteCall): void;
  /**
   * Which kernel each step got, how much it computes and moves, and what bounds it; one line each. After profiled runs also how long
   * it took, and how close to the device's peak that is.
   */
  explain(): string | Promise<string>;
  /** Frees code and constants once runs in flight are over. */
  release(): void;
}

export interface CompileOptions {
  /** Name shown in profiles and errors. */
  readonly label?: string | undefined;
}

export interface Backend {
  /** Short, lower-case: `cpu`, `webgpu`. */
  readonly name: string;
  /** Version of the backend's package. */
  readonly version: string;
  /** The contract version that it was built for. */
  readonly contract: string;
  /** The newest opset that it knows. */
  readonly opset: number;
  /**
   * After a failed run: `atomic` = every buffer is as before, inputs whose alias was taken live again under their
   * ids; `stateLost` = those are gone.
   */
  readonly failure: 'atomic' | 'stateLost';
  readonly dtypes: Readonly<Record<DType, DTypeSupport>>;
  /**
   * Resolves, before anything that waits rejects, when the device is gone for good: what it held is lost, and every call fails. The
   * client then makes another backend. Never for `close`. Absent where a device cannot be lost.
   */
  readonly lost?: Promise<CeratopsError> | undefined;

  devices(): readonly Device[];

  /** Pure and cheap: the same question always gets the same answer. */
  query(query: OpQuery): QueryAnswer;

  /** The program has only ops that `query` called native. Rejects with what it cannot compile. */
  compile(program: Program, options?: CompileOptions): Executable | Promise<Executable>;

  /** Copies `data` (dense, row-major, the dtype's host array) before it returns. */
  write(id: BufferId, type: TensorType, data: HostArray): void;

  /** A fresh copy of the buffer's elements once all work queued before is done. */
  read(id: BufferId): Promise<HostArray>;

  /** Only where the device can answer without waiting for another process or the event loop. */
  readonly readSync?: ((id: BufferId) => HostArray) | undefined;

  /**
   * Frees buffers once the work queued before is done. Unknown ids are an error, twice is an error. Nothing happens once the device
   * is lost: what it held is gone, and finalisers still call this.
   */
  free(ids: readonly BufferId[]): void;

  memory(): MemoryStatistics;

  /**
   * `true` starts a profile of the work that is enqueued from then on, `false` ends it and answers with it; `synchronize` before
   * either. Absent where the device keeps no time of its kernels.
   * @throws CeratopsError INVALID_STATE to start one inside another, or to end none.
   */
  profile?(on: boolean): BackendProfile | undefined | Promise<BackendProfile | undefined>;

  /** Resolves when all queued work is done; never rejects for a poisoned buffer. */
  synchronize(): Promise<void>;

  /** Rejects what is pending, frees everything, stops threads. */
  close(): Promise<void>;
}

/** What a backend package registers: a name, a priority and a lazy constructor. */
export interface BackendFactory {
  readonly name: string;
  readonly version: string;
  readonly contract: string;
  /** Among several registered backends the highest is the default: CPU 10, WebGPU 20, CUDA 30. */
  readonly priority: number;
  /** The answers its instances are likely to give, for errors that say which backend could run an op. */
  readonly query?: Backend['query'] | undefined;
  create(options?: { readonly [name: string]: unknown }): Backend | Promise<Backend>;
}
