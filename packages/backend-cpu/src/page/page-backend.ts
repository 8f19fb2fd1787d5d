import {
  type Backend,
  type BackendProfile,
  type BufferId,
  byteSizeOf,
  CeratopsError,
  type CompileOptions,
  contractVersion,
  type Device,
  type DType,
  type DTypeSupport,
  type Executable,
  type ExecuteCall,
  type HostArray,
  type MemoryStatistics,
  type OpQuery,
  opsetVersion,
  outputTypes,
  type Program,
  type QueryAnswer,
  type TensorType,
} from '@ceratops/kernel-registry';
import { BufferTable, checkHostArray, givenAway } from '../buffers.js';
import type { CpuBackendOptions } from '../engine.js';
import { backendName, dtypeSupport, queryCpu } from '../query.js';
import { packageVersion } from '../version.js';
import { type Answer, type AnswerValue, decodeError, type Envelope, type Port, type Request } from './protocol.js';

declare function setTimeout(callback: () => void, milliseconds: number): number;
declare function clearTimeout(timer: number): void;

/** Asked first. A failure to open loses the backend. */
const openTicket = 1;

interface Waiting {
  resolve(value: AnswerValue): void;
  reject(error: unknown): void;
}

/**
 * The CPU from a browser's page, which must never block: everything is computed in a worker, with its own threads where the
 * page is cross-origin isolated. The rules about ids and types are checked here, so that misuse throws at the call.
 */
export class PageBackend implements Backend {
  readonly name: string = backendName;
  readonly version: string = packageVersion;
  readonly contract: string = contractVersion;
  readonly opset: number = opsetVersion;
  readonly failure = 'atomic' as const;
  readonly dtypes: Readonly<Record<DType, DTypeSupport>> = dtypeSupport;
  readonly lost: Promise<CeratopsError>;
  readonly readSync: undefined;
  #port: Port;
  readonly #terminate: () => void;
  readonly #buffers: BufferTable = new BufferTable();
  readonly #waiting: Map<number, Waiting> = new Map();
  #statistics: MemoryStatistics = { liveBytes: 0, peakBytes: 0, liveBuffers: 0 };
  #bufferBytes = 0;
  #peakBytes = 0;
  #nextTicket = openTicket + 1;
  #nextExecutable = 1;
  #tellLost!: (error: CeratopsError) => void;
  /** What was asked before the worker first answered: it may not have loaded. */
  #backlog: Envelope[] | undefined = [];
  /** Tries again to get the port that the backlog waits for. */
  #retry: (() => void) | undefined;
  /** Why nothing works any more. */
  #ended: CeratopsError | undefined;

  constructor(port: Port, terminate: () => void, options: CpuBackendOptions) {
    this.#port = port;
    this.#terminate = terminate;
    port.onmessage = ({ data }) => this.#receive(data as Answer);
    this.lost = new Promise((resolve) => (this.#tellLost = resolve));
    this.#send({ ticket: openTicket, request: { kind: 'open', options } });
  }

  devices(): readonly Device[] {
    return [{ id: 0, kind: 'cpu', description: 'WebAssembly in a worker' }];
  }

  query(query: OpQuery): QueryAnswer {
    return queryCpu(query);
  }

  async compile(program: Program, options: CompileOptions = {}): Promise<Executable> {
    this.#checkOpen();
    const executable = this.#nextExecutable++;
    const label = options.label ?? program.name;
    const temporaryBytes = (await this.#ask({ kind: 'compile', executable, program, label })) as number;
    const outputs = outputTypes(program);
    let released = false;
    return {
      program,
      temporaryBytes,
      explain: () => this.#ask({ kind: 'explain', executable }) as Promise<string>,
      execute: (call) => {
        if (released) throw new CeratopsError('DISPOSED', 'executed after release', { subject: label });
        this.#execute(executable, program, outputs, call);
      },
      release: () => {
        if (!released) this.#post({ kind: 'release', executable });
        released = true;
      },
    };
  }

  #execute(executable: number, program: Program, outputs: readonly TensorType[], call: ExecuteCall): void {
    this.#checkOpen();
    this.#buffers.checkCall(program, call);
    givenAway(program, call).forEach((gone, i) => {
      if (gone) this.#forget(call.inputs[i]!);
    });
    call.outputs.forEach((id, i) => {
      this.#remember(id, outputs[i]!);
    });
    const { inputs, outputs: ids, vetoed } = call;
    this.#post({ kind: 'execute', executable, call: { inputs, outputs: ids, vetoed } });
  }

  #remember(id: BufferId, type: TensorType): void {
    this.#buffers.add(id, { type, address: 0, error: undefined });
    this.#bufferBytes += byteSizeOf(type);
    this.#peakBytes = Math.max(this.#peakBytes, this.#bufferBytes);
  }

  #forget(id: BufferId): void {
    this.#bufferBytes -= byteSizeOf(this.#buffers.get(id).type);
    this.#buffers.remove(id);
  }

  write(id: BufferId, type: TensorType, data: HostArray): void {
    this.#checkOpen();
    checkHostArray(type, data);
    this.#buffers.checkFresh(id);
    this.#remember(id, type);
    const copy = data.slice();
    this.#post({ kind: 'write', id, type, data: copy }, [copy.buffer]);
  }

  async read(id: BufferId): Promise<HostArray> {
    this.#checkOpen();
    this.#buffers.get(id);
    return (await this.#ask({ kind: 'read', id })) as HostArray;
  }

  free(ids: readonly BufferId[]): void {
    if (this.#ended !== undefined) return;
    this.#buffers.checkFree(ids);
    for (const id of ids) this.#forget(id);
    this.#post({ kind: 'free', ids });
  }

  /** What the page knows of its buffers; constants and temporaries as of the last answer from the worker. */
  memory(): MemoryStatistics {
    return {
      liveBytes: Math.max(this.#bufferBytes, this.#statistics.liveBytes),
      peakBytes: Math.max(this.#peakBytes, this.#statistics.peakBytes),
      liveBuffers: this.#buffers.size,
    };
  }

  profile(on: boolean): Promise<BackendProfile | undefined> {
    return this.#ask({ kind: 'profile', on }) as Promise<BackendProfile | undefined>;
  }

  async synchronize(): Promise<void> {
    this.#checkOpen();
    await this.#ask({ kind: 'synchronize' });
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#end(new CeratopsError('INVALID_STATE', 'used after close', { subject: backendName }));
    this.#terminate();
  }

  /** True once there has been an answer: whatever gives them holds buffers from then on. */
  get hasAnswered(): boolean {
    return this.#backlog === undefined;
  }

  /** Asks another port instead, where the first never answered. */
  moveTo(port: Port): void {
    if (this.#ended !== undefined) return;
    this.#port = port;
    port.onmessage = ({ data }) => this.#receive(data as Answer);
    for (const envelope of this.#backlog ?? []) port.postMessage(envelope);
  }

  /** What was to answer did not load. What waits, rejects; the backlog stays, and the next request calls `retry`. */
  stall(error: CeratopsError, retry: () => void): void {
    this.#retry = retry;
    this.#rejectWaiting(error);
  }

  /**
   * The worker met an error that nobody caught. Most go on all the same: once it answers again, what came before and has no answer
   * rejects. One that does not answer, in milliseconds, is lost.
   */
  falter(error: CeratopsError, patience = 5000): void {
    const asked = this.#nextTicket;
    const timer = setTimeout(() => this.lose(error), patience);
    this.synchronize()
      .then(
        () => this.#rejectWaiting(error, asked),
        () => undefined,
      )
      .finally(() => clearTimeout(timer));
  }

  /** The worker is gone: whatever waits, rejects. One that never answered would not do so next time either. */
  lose(error: CeratopsError): void {
    if (this.#ended === undefined && this.hasAnswered) this.#tellLost(error);
    this.#end(error);
    this.#terminate();
  }

  #end(error: CeratopsError): void {
    this.#ended ??= error;
    this.#rejectWaiting(error);
    for (const id of this.#buffers.ids()) this.#buffers.remove(id);
  }

  #rejectWaiting(error: CeratopsError, before = Number.POSITIVE_INFINITY): void {
    for (const [ticket, { reject }] of this.#waiting) {
      if (ticket >= before) continue;
      this.#waiting.delete(ticket);
      reject(error);
    }
  }

  #post(request: Request, transfer: readonly unknown[] = []): void {
    this.#send({ ticket: 0, request }, transfer);
  }

  #send(envelope: Envelope, transfer: readonly unknown[] = []): void {
    this.#backlog?.push(envelope);
    this.#port.postMessage(envelope, this.#backlog === undefined ? transfer : []);
  }

  #ask(request: Request): Promise<AnswerValue> {
    const ticket = this.#nextTicket++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(ticket, { resolve, reject });
      this.#send({ ticket, request });
      const retry = this.#retry;
      this.#retry = undefined;
      retry?.();
    });
  }

  #receive({ ticket, value, error, memory }: Answer): void {
    if (memory !== undefined) this.#statistics = memory;
    // It could not open, or what was checked here still failed there: the two no longer agree.
    if (ticket <= openTicket && error !== undefined) this.lose(decodeError(error));
    this.#backlog = undefined;
    const waiting = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(decodeError(error));
  }

  #checkOpen(): void {
    if (this.#ended !== undefined) throw this.#ended;
  }
}
