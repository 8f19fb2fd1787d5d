/** A synchronous device in this process over any function that computes programs. */

import { negotiate } from '../any-op.js';
import type {
  Backend,
  BufferId,
  CompileOptions,
  Device,
  DTypeSupport,
  Executable,
  ExecuteCall,
  MemoryStatistics,
  OpQuery,
  QueryAnswer,
} from '../backend.js';
import { contractVersion } from '../backend.js';
import type { DType, HostArray } from '../dtype.js';
import { CeratopsError, isCeratopsError } from '../errors.js';
import { explain } from '../negotiate.js';
import { opsetVersion } from '../opset.js';
import { validateProgram } from '../program/validate.js';
import type { Program } from '../program.js';
import type { TensorType } from '../tensor-type.js';
import { allDTypes, type Counters, newCounters, queryReference } from './device.js';
import { BufferLedger, checkHostArray } from './ledger.js';

/** A buffer's elements, or why there are none. */
type Content = { readonly data: HostArray } | { readonly error: unknown };

export interface LocalDeviceOptions {
  readonly name: string;
  /** Whether `readSync` is there. */
  readonly synchronousReads: boolean;
  /** `atomic` unless told otherwise. */
  readonly failure?: Backend['failure'] | undefined;
  run(program: Program, inputs: readonly HostArray[]): HostArray[];
}

export class LocalDevice implements Backend {
  readonly name: string;
  readonly version = '0.1.0';
  readonly contract: string = contractVersion;
  readonly opset: number = opsetVersion;
  readonly failure: Backend['failure'];
  readonly dtypes: Readonly<Record<DType, DTypeSupport>> = allDTypes;
  readonly readSync: ((id: BufferId) => HostArray) | undefined;
  readonly counters: Counters = newCounters();
  /** Every program compiled so far, in order. */
  readonly programs: Program[] = [];
  readonly #run: LocalDeviceOptions['run'];
  readonly #ledger: BufferLedger;
  readonly #contents: Map<BufferId, Content> = new Map();
  #closed = false;

  constructor({ name, synchronousReads, run, failure = 'atomic' }: LocalDeviceOptions) {
    this.name = name;
    this.failure = failure;
    this.#run = run;
    this.#ledger = new BufferLedger(name);
    this.readSync = synchronousReads ? (id) => this.#readNow(id) : undefined;
  }

  devices(): readonly Device[] {
    return [{ id: 0, kind: this.name, description: `${this.name} test device` }];
  }

  query(query: OpQuery): QueryAnswer {
    return queryReference(query);
  }

  compile(program: Program, options: CompileOptions = {}): Executable {
    this.#checkOpen();
    validateProgram(program);
    if (negotiate(program, this) !== program) {
      throw new CeratopsError('INVALID_PROGRAM', 'has composites that decompose', {
        subject: program.name,
        remedy: 'call negotiate before compile',
      });
    }
    this.counters.compiles++;
    this.programs.push(program);
    return {
      program,
      temporaryBytes: 0,
      execute: (call) => this.#execute(program, call, options.label ?? program.name),
      explain: () => explain(program, this),
      release: () => undefined,
    };
  }

  write(id: BufferId, type: TensorType, data: HostArray): void {
    this.#checkOpen();
    checkHostArray(`${this.name} write`, type, data);
    this.#ledger.define(id, type);
    this.#contents.set(id, { data: data.slice() });
    this.counters.writes++;
  }

  async read(id: BufferId): Promise<HostArray> {
    return this.#readNow(id);
  }

  free(ids: readonly BufferId[]): void {
    this.#checkOpen();
    this.#ledger.free(ids);
    for (const id of ids) this.#contents.delete(id);
    this.counters.freedBuffers += ids.length;
  }

  memory(): MemoryStatistics {
    return this.#ledger.statistics();
  }

  async synchronize(): Promise<void> {
    this.#checkOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ledger.clear();
    this.#contents.clear();
  }

  #readNow(id: BufferId): HostArray {
    this.#checkOpen();
    this.#ledger.typeOf(id);
    this.counters.reads++;
    const content = this.#contents.get(id)!;
    if ('error' in content) throw content.error;
    return content.data.slice();
  }

  #execute(program: Program, call: ExecuteCall, label: string): void {
    this.#checkOpen();
    const contents = call.inputs.map((id) => this.#contents.get(id));
    const types = call.inputs.map((id) => this.#ledger.typeOf(id));
    const donated = this.#ledger.execute(program, call);
    this.counters.executes++;
    try {
      const inputs = contents.map((content) => dataOf(content!));
      const results = this.#run(program, inputs);
      for (const [i, id] of call.outputs.entries()) this.#contents.set(id, { data: results[i]! });
    } catch (cause) {
      const error = asExecutionError(label, cause);
      for (const id of call.outputs) this.#contents.set(id, { error });
      if (this.failure === 'atomic') {
        this.#ledger.restore(donated.map((id) => [id, types[call.inputs.indexOf(id)]!]));
        return;
      }
    }
    for (const id of donated) this.#contents.delete(id);
  }

  #checkOpen(): void {
    if (this.#closed) throw new CeratopsError('DISPOSED', 'backend is closed', { subject: this.name });
  }
}

function dataOf(content: Content): HostArray {
  if ('error' in content) throw content.error;
  return content.data;
}

/** The first cause stays as it is; anything foreign is wrapped with the program's name. */
export function asExecutionError(label: string, cause: unknown): CeratopsError {
  if (isCeratopsError(cause)) return cause;
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new CeratopsError('EXECUTION_FAILED', problem, { subject: label, cause });
}
