import {
  type Backend,
  type BufferId,
  byteSizeOf,
  CeratopsError,
  type CompileOptions,
  contractVersion,
  type Device,
  type DType,
  type DTypeSupport,
  type HostArray,
  type MemoryStatistics,
  type OpQuery,
  opsetVersion,
  type Program,
  type QueryAnswer,
  type TensorType,
} from '@ceratops/kernel-registry';
import { BufferTable, checkHostArray, copyOut } from './buffers.js';
import { type CpuBackendOptions, Engine, type SchedulingCosts } from './engine.js';
import { CpuExecutable } from './executable.js';
import type { LateParts } from './late-parts.js';
import { bytesOf } from './program/link.js';
import { backendName, dtypeSupport, queryCpu } from './query.js';
import { packageVersion } from './version.js';

/**
 * The CPU of this process. Runs happen inside `execute`, on the calling thread and its workers, so that every buffer is
 * there when the call returns.
 */
export class CpuBackend implements Backend {
  readonly name: string = backendName;
  readonly version: string = packageVersion;
  readonly contract: string = contractVersion;
  readonly opset: number = opsetVersion;
  readonly failure = 'atomic' as const;
  readonly dtypes: Readonly<Record<DType, DTypeSupport>> = dtypeSupport;
  /** Memory and threads; not part of the contract. */
  readonly engine: Engine;
  readonly #buffers: BufferTable = new BufferTable();
  #closed = false;

  constructor(options: CpuBackendOptions, late: LateParts | undefined, costs?: SchedulingCosts) {
    this.engine = new Engine(options, late, costs);
  }

  devices(): readonly Device[] {
    const { threads, tuning } = this.engine;
    const simd = tuning.relaxed ? 'relaxed SIMD' : 'SIMD';
    return [
      { id: 0, kind: 'cpu', description: `WebAssembly, ${simd}, ${threads} ${threads === 1 ? 'thread' : 'threads'}` },
    ];
  }

  query(query: OpQuery): QueryAnswer {
    return queryCpu(query);
  }

  /**
   * @throws CeratopsError UNSUPPORTED, OUT_OF_MEMORY (constants).
   * @throws LatePartsNeeded while the engine lacks the late parts that the program needs.
   */
  compile(program: Program, options: CompileOptions = {}): CpuExecutable {
    this.#checkOpen();
    return new CpuExecutable(program, options.label ?? program.name, this.engine, this.#buffers);
  }

  write(id: BufferId, type: TensorType, data: HostArray): void {
    this.#checkOpen();
    checkHostArray(type, data);
    this.#buffers.checkFresh(id);
    const address = this.engine.allocate(byteSizeOf(type), 'a buffer');
    this.engine.memory.bytes.set(bytesOf(data), address);
    this.#buffers.add(id, { type, address, error: undefined });
  }

  async read(id: BufferId): Promise<HostArray> {
    return this.readSync(id);
  }

  readSync(id: BufferId): HostArray {
    this.#checkOpen();
    const record = this.#buffers.get(id);
    if (record.error !== undefined) throw record.error;
    return copyOut(this.engine.memory.bytes, record);
  }

  free(ids: readonly BufferId[]): void {
    this.#checkOpen();
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

  async synchronize(): Promise<void> {
    this.#checkOpen();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.free(this.#buffers.ids());
    this.engine.releaseArena();
    this.engine.pool?.stop();
    this.#closed = true;
  }

  #checkOpen(): void {
    if (this.#closed)
      throw new CeratopsError('INVALID_STATE', 'used after close', {
        subject: backendName,
        remedy: 'make a new backend',
      });
  }
}
