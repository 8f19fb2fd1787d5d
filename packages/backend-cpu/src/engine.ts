/** One memory, its threads, and what this engine can do: what executables share. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { type GemmTuning, gemmTuning } from './kernels/blocking.js';
import type { LateParts } from './late-parts.js';
import { LinearMemory } from './memory/linear-memory.js';
import {
  canRunWebAssembly,
  hasSharedMemory,
  hasWorkers,
  isPageThread,
  processorCount,
  setEngineFlag,
  v8Major,
} from './platform/globals.js';
import { control, controlAddress } from './threads/control.js';
import { ThreadPool } from './threads/pool.js';
import { hasRelaxedSimd, hasSimd } from './wasm/features.js';

export interface CpuBackendOptions {
  /** Threads in all, the calling one included. Default: the machine's processors; 1 where memory cannot be shared. */
  readonly threads?: number | undefined;
  /**
   * Relaxed SIMD: multiply-add in one rounding in matrix products and elementary functions. Default: where the engine has
   * it. `true` also turns it on in Node 20, where it is behind a flag of the whole process.
   */
  readonly relaxedSimd?: boolean | undefined;
  /** Most bytes that buffers, constants and temporaries may take together. Default and maximum: 4 GiB. */
  readonly memoryLimitBytes?: number | undefined;
  /** How long a run waits for a worker thread that has stopped responding. Default 30 s. */
  readonly deadlineMilliseconds?: number | undefined;
}

/** Costs, in scalar operations, from which sharing work among threads pays. */
export interface SchedulingCosts {
  /** Of a step that is shared. */
  readonly step: number;
  /** Of a chunk of it, at least. */
  readonly chunk: number;
  /** Of all shared steps of a program for which sleeping workers are woken. */
  readonly wake: number;
}

/** Some 10, 3 and 50 µs. */
const schedulingCosts: SchedulingCosts = { step: 50_000, chunk: 12_000, wake: 200_000 };

export class Engine {
  /** Undefined until they are loaded: what needs them then ends with `LatePartsNeeded`. */
  late: LateParts | undefined;
  readonly memory: LinearMemory;
  readonly shared: boolean;
  readonly threads: number;
  readonly tuning: GemmTuning;
  readonly deadlineMilliseconds: number;
  readonly costs: SchedulingCosts;
  readonly pool: ThreadPool | undefined;
  /** Temporaries of whichever program runs: runs are one after the other. */
  #arena: { readonly address: number; readonly bytes: number } | undefined;
  #serial = 0;

  constructor(options: CpuBackendOptions, late: LateParts | undefined, costs: SchedulingCosts = schedulingCosts) {
    this.late = late;
    this.costs = costs;
    checkHost();
    const { threads = processorCount(), memoryLimitBytes = 2 ** 32, deadlineMilliseconds = 30_000 } = options;
    if (options.relaxedSimd === true && !hasRelaxedSimd()) setEngineFlag('--experimental-wasm-relaxed-simd');
    const relaxed = options.relaxedSimd !== false && hasRelaxedSimd();
    const several = threads > 1 && hasSharedMemory() && hasWorkers() && !isPageThread();
    this.shared = several;
    this.threads = several ? threads : 1;
    this.tuning = gemmTuning({ relaxed, v8Major: v8Major() });
    this.deadlineMilliseconds = deadlineMilliseconds;
    const reservedBytes = controlAddress + control.byteLength;
    this.memory = new LinearMemory({ shared: several, reservedBytes, limitBytes: memoryLimitBytes });
    this.pool = several ? new ThreadPool(this.memory.memory, this.threads) : undefined;
  }

  /** A number for each module that workers may be asked to run. */
  nextSerial(): number {
    this.#serial++;
    return this.#serial;
  }

  /** Memory of at least `bytes` until the next call of this function. */
  arenaOf(bytes: number): number {
    if (bytes === 0) return 0;
    if (this.#arena === undefined || this.#arena.bytes < bytes) {
      this.releaseArena();
      this.#arena = { address: this.memory.allocate(bytes, 'temporaries'), bytes };
    }
    return this.#arena.address;
  }

  releaseArena(): void {
    if (this.#arena !== undefined) this.memory.free(this.#arena.address);
    this.#arena = undefined;
  }

  /** Allocates; where the budget is used up, once more without the idle arena. */
  allocate(bytes: number, purpose: string): number {
    try {
      return this.memory.allocate(bytes, purpose);
    } catch (error) {
      if (this.#arena === undefined) throw error;
      this.releaseArena();
      return this.memory.allocate(bytes, purpose);
    }
  }
}

function checkHost(): void {
  if (!canRunWebAssembly() || !hasSimd())
    throw new CeratopsError('UNSUPPORTED', 'this host runs no WebAssembly with SIMD', {
      subject: 'cpu',
      remedy: 'use a current engine, and allow WebAssembly in the content security policy (wasm-unsafe-eval)',
    });
}
