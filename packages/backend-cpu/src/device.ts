import {
  type BufferId,
  byteSizeOf,
  type CompileOptions,
  dtypes,
  type HostArray,
  type MemoryStatistics,
  type Program,
  type TensorType,
} from '@ceratops/kernel-registry';
import { BufferTable, checkHostArray, copyOut } from './buffers.js';
import { type CpuBackendOptions, Engine } from './engine.js';
import { CpuExecutable } from './executable.js';
import type { LateParts } from './late-parts.js';
import type { SchedulingCosts } from './threads/pool.js';

/**
 * The CPU as it computes: buffers, and programs that run inside `execute`, on the calling thread and its workers, so that
 * every buffer is there when the call returns.
 */
export class CpuDevice {
  /** Memory and threads. */
  readonly engine: Engine;
  readonly #buffers: BufferTable = new BufferTable();

  constructor(options: CpuBackendOptions, late: LateParts | undefined, costs?: SchedulingCosts) {
    this.engine = new Engine(options, late, costs);
  }

  /**
   * @throws CeratopsError UNSUPPORTED, OUT_OF_MEMORY (constants).
   * @throws LatePartsNeeded while the engine lacks the late parts that the program needs.
   */
  compile(program: Program, options: CompileOptions = {}): CpuExecutable {
    return new CpuExecutable(program, options.label ?? program.name, this.engine, this.#buffers);
  }

  write(id: BufferId, type: TensorType, data: HostArray): void {
    checkHostArray(type, data);
    this.#buffers.checkFresh(id);
    const address = this.engine.allocate(byteSizeOf(type), 'a buffer');
    this.engine.memory.write(dtypes[type.dtype].host, data, address);
    this.#buffers.add(id, { type, address, error: undefined });
  }

  /** Instead of a `write` that failed: whoever uses the buffer hears why. */
  poison(id: BufferId, type: TensorType, error: unknown): void {
    this.#buffers.add(id, { type, address: 0, error });
  }

  readSync(id: BufferId): HostArray {
    const record = this.#buffers.get(id);
    if (record.error !== undefined) throw record.error;
    return copyOut(this.engine.memory.bytes, record);
  }

  free(ids: readonly BufferId[]): void {
    this.#buffers.checkFree(ids);
    for (const id of ids) {
      const { address } = this.#buffers.get(id);
      if (address !== 0) this.engine.memory.free(address);
      this.#buffers.remove(id);
    }
  }

  memory(): MemoryStatistics {
    const { liveBytes, peakBytes } = this.engine.memory;
    return { liveBytes, peakBytes, liveBuffers: this.#buffers.size };
  }

  /** Ends the threads; whoever holds the device must not use it any more. */
  close(): void {
    this.free(this.#buffers.ids());
    this.engine.releaseArena();
    this.engine.pool?.stop();
  }
}
