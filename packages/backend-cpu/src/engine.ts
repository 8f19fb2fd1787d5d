/** One memory, its threads, and what this engine can do: what executables share. */

import type { CompilerOptions } from '@ceratops/compiler';
import { CeratopsError } from '@ceratops/kernel-registry';
import { type GemmTuning, gemmTuning } from './kernels/blocking.js';
import type { LateParts } from './late-parts.js';
import { LinearMemory } from './memory/linear-memory.js';
import type { PlanCache } from './plan-cache/plan-cache.js';
import { canRunWebAssembly, v8Major } from './platform/globals.js';
import type { Profiler } from './profile/profiler.js';
import type { SchedulingCosts, ThreadPool } from './threads/pool.js';
import { hasRelaxedSimd, hasSimd } from './wasm/features.js';

export interface CpuBackendOptions {
  /**
   * Threads in all, the calling one included. Default: the machine's processors; 1 where memory cannot be shared, or a page
   * computes by itself because there is no worker's script.
   */
  readonly threads?: number | undefined;
  /**
   * Relaxed SIMD: multiply-add in one rounding in matrix products and elementary functions. Default: where the engine has
   * it; Node 20 has it behind a flag of the process, which the backend turns on. `false` leaves that flag alone.
   */
  readonly relaxedSimd?: boolean | undefined;
  /** Most bytes that buffers, constants and temporaries may take together. Default and maximum: 4 GiB. */
  readonly memoryLimitBytes?: number | undefined;
  /** How long a run waits for a worker thread that has stopped responding. Default 30 s. */
  readonly deadlineMilliseconds?: number | undefined;
  /**
   * Whether compiled programs are kept in files, for the next process to load instead of compiling; a string names the folder.
   * Default: in the folder that the environment variable CERATOPS_PLAN_CACHE names (`0`: nowhere), else in the user's folder for caches.
   * Browsers and bundles keep none, Deno only where a folder is named. Whoever can write to the folder can change what programs compute.
   */
  readonly planCache?: boolean | string | undefined;
}

/** The first bytes of the memory are not allocated: threads talk through them (threads/control.ts), and 0 is no address. */
export const reservedBytes = 2048;

export class Engine {
  /** Undefined until they are loaded: what needs them then ends with `LatePartsNeeded`. */
  late: LateParts | undefined;
  /** Set while a profile is taken. */
  profiler: Profiler | undefined;
  /** Where programs are kept for later processes. */
  planCache: PlanCache | undefined;
  /** Sees the stages of each compilation. */
  inspect: CompilerOptions['inspect'];
  readonly memory: LinearMemory;
  readonly threads: number;
  readonly tuning: GemmTuning;
  /** Code of steps that one function has at most, or little more: V8 takes 7.6 MB, and optimises small functions sooner. */
  pieceBytes: number = 1 << 16;
  /** Undefined where there is but one thread. */
  readonly pool: ThreadPool | undefined;
  /** Temporaries of whichever program runs: runs are one after the other. */
  #arena: { readonly address: number; readonly bytes: number } | undefined;

  /** An engine without late parts has one thread: it is a page's, and that must not wait for others. */
  constructor(options: CpuBackendOptions, late: LateParts | undefined, costs?: SchedulingCosts) {
    this.late = late;
    checkHost();
    const { relaxedSimd, memoryLimitBytes = 2 ** 32 } = options;
    if (relaxedSimd !== false && !hasRelaxedSimd()) late?.enableRelaxedSimd();
    const relaxed = relaxedSimd !== false && hasRelaxedSimd();
    this.tuning = gemmTuning({ relaxed, v8Major: v8Major() });
    this.threads = late?.threads.threadCount(options.threads) ?? 1;
    const shared = this.threads > 1;
    this.memory = new LinearMemory({ shared, reservedBytes, limitBytes: memoryLimitBytes });
    if (shared) this.pool = new late!.threads.ThreadPool(this.memory.memory, this.threads, { ...options, costs });
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
