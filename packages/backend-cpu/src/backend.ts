import { environmentInspector } from '@ceratops/compiler/debug';
import {
  type Backend,
  type BackendProfile,
  type BufferId,
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
import { CpuDevice } from './device.js';
import type { CpuBackendOptions, Engine } from './engine.js';
import type { CpuExecutable } from './executable.js';
import { lateParts } from './late.js';
import { planCacheFor } from './plan-cache/plan-cache.js';
import { backendName, dtypeSupport, queryCpu } from './query.js';
import type { SchedulingCosts } from './threads/pool.js';
import { packageVersion } from './version.js';

/** The CPU of this process: a device behind the contract. */
export class CpuBackend implements Backend {
  readonly name: string = backendName;
  readonly version: string = packageVersion;
  readonly contract: string = contractVersion;
  readonly opset: number = opsetVersion;
  readonly failure = 'atomic' as const;
  readonly dtypes: Readonly<Record<DType, DTypeSupport>> = dtypeSupport;
  readonly #device: CpuDevice;
  #closed = false;

  constructor(options: CpuBackendOptions = {}, costs?: SchedulingCosts) {
    this.#device = new CpuDevice(options, lateParts, costs);
    this.engine.inspect = environmentInspector();
    // A program that is found is not compiled, and there would be nothing to see.
    if (this.engine.inspect === undefined) this.engine.planCache = planCacheFor(options);
  }

  /** Memory and threads; not part of the contract. */
  get engine(): Engine {
    return this.#device.engine;
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

  /** @throws CeratopsError UNSUPPORTED, OUT_OF_MEMORY (constants). */
  compile(program: Program, options: CompileOptions = {}): CpuExecutable {
    return this.#open().compile(program, options);
  }

  write(id: BufferId, type: TensorType, data: HostArray): void {
    this.#open().write(id, type, data);
  }

  async read(id: BufferId): Promise<HostArray> {
    return this.readSync(id);
  }

  readSync(id: BufferId): HostArray {
    return this.#open().readSync(id);
  }

  free(ids: readonly BufferId[]): void {
    this.#open().free(ids);
  }

  memory(): MemoryStatistics {
    return this.#device.memory();
  }

  profile(on: boolean): BackendProfile | undefined {
    return lateParts.profiling.profile(this.#open().engine, on);
  }

  async synchronize(): Promise<void> {
    this.#open();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#device.close();
    this.#closed = true;
  }

  #open(): CpuDevice {
    if (this.#closed)
      throw new CeratopsError('INVALID_STATE', 'used after close', {
        subject: backendName,
        remedy: 'make a new backend',
      });
    return this.#device;
  }
}
