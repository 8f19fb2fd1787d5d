/**
 * The fake remote device: everything a server two networks away does to a client, in one process. Requests travel as plain
 * data through a real message port; compiles, runs and replies are late, reads complete out of order, there is no
 * synchronous read, and a failed run loses the state it was given. Misuse of buffers throws at the call.
 */

import {
  type Backend,
  type BackendFactory,
  type BufferId,
  type CompileOptions,
  contractVersion,
  type Device,
  type DTypeSupport,
  type Executable,
  type ExecuteCall,
  type MemoryStatistics,
  type OpQuery,
  type QueryAnswer,
} from '../backend.js';
import type { DType, HostArray } from '../dtype.js';
import { CeratopsError } from '../errors.js';
import { explain } from '../negotiate.js';
import { opsetVersion } from '../opset.js';
import type { Program } from '../program.js';
import type { TensorType } from '../tensor-type.js';
import { allDTypes, type Counters, newCounters, queryReference } from './device.js';
import { BufferLedger, checkHostArray } from './ledger.js';
import { RemoteServer, type RemoteServerOptions } from './remote-server.js';
import {
  decodeError,
  encodeError,
  type InjectionPoint,
  openChannel,
  type Port,
  type Reply,
  type Request,
} from './wire.js';

/** Delays are at most 2 ms and drawn from seed 1 unless told otherwise. */
export type FakeRemoteOptions = Partial<RemoteServerOptions>;

interface Pending {
  resolve(value: HostArray | undefined): void;
  reject(error: CeratopsError): void;
}

export class FakeRemote implements Backend {
  readonly name = 'fake-remote';
  readonly version = '0.1.0';
  readonly contract: string = contractVersion;
  readonly opset: number = opsetVersion;
  readonly failure = 'stateLost';
  readonly dtypes: Readonly<Record<DType, DTypeSupport>> = allDTypes;
  readonly lost: Promise<CeratopsError>;
  readonly readSync: undefined;
  readonly counters: Counters = newCounters();
  readonly #port: Port;
  readonly #ledger = new BufferLedger('fake-remote');
  readonly #pending: Map<number, Pending> = new Map();
  #tellLost!: (error: CeratopsError) => void;
  #nextTicket = 0;
  #ended: CeratopsError | undefined;

  constructor({ maximumDelay = 2, seed = 1 }: FakeRemoteOptions = {}) {
    const [near, far] = openChannel();
    this.#port = near;
    near.onmessage = ({ data }) => this.#settle(data as Reply);
    near.unref?.();
    this.lost = new Promise((resolve) => (this.#tellLost = resolve));
    new RemoteServer(far, { maximumDelay, seed });
  }

  devices(): readonly Device[] {
    return [{ id: 0, kind: this.name, description: 'the reference evaluator behind a message port' }];
  }

  query(query: OpQuery): QueryAnswer {
    return queryReference(query);
  }

  async compile(program: Program, { label = program.name }: CompileOptions = {}): Promise<Executable> {
    this.counters.compiles++;
    const ticket = this.#nextTicket++;
    await this.#ask({ kind: 'compile', ticket, program, label });
    let released = false;
    return {
      program,
      temporaryBytes: 0,
      execute: (call) => {
        if (released) throw new CeratopsError('DISPOSED', 'executable is released', { subject: label });
        this.#execute(ticket, program, call);
      },
      explain: () => explain(program, this),
      release: () => {
        if (!released && this.#ended === undefined) this.#send({ kind: 'release', executable: ticket });
        released = true;
      },
    };
  }

  write(id: BufferId, type: TensorType, data: HostArray): void {
    this.#checkOpen();
    checkHostArray('fake-remote write', type, data);
    this.#ledger.define(id, type);
    this.counters.writes++;
    const copy = data.slice();
    this.#send({ kind: 'write', id, type, data: copy }, [copy.buffer]);
  }

  async read(id: BufferId): Promise<HostArray> {
    this.#checkOpen();
    this.#ledger.typeOf(id);
    this.counters.reads++;
    return (await this.#ask({ kind: 'read', ticket: this.#nextTicket++, id }))!;
  }

  free(ids: readonly BufferId[]): void {
    if (this.#ended !== undefined) return;
    this.#ledger.free(ids);
    this.counters.freedBuffers += ids.length;
    this.#send({ kind: 'free', ids });
  }

  memory(): MemoryStatistics {
    return this.#ledger.statistics();
  }

  async synchronize(): Promise<void> {
    await this.#ask({ kind: 'synchronize', ticket: this.#nextTicket++ });
  }

  async close(): Promise<void> {
    this.#end(
      new CeratopsError('DISPOSED', 'backend is closed', { subject: this.name }),
      new CeratopsError('DEVICE_LOST', 'backend was closed before it answered', { subject: this.name }),
    );
  }

  /** Makes the next such step, after all that is queued now, fail with this error. */
  failNext(point: InjectionPoint, error: CeratopsError): void {
    this.#send({ kind: 'fail', point, error: encodeError(error) });
  }

  /** Cuts the connection: what is pending rejects with DEVICE_LOST, and so does everything after. */
  disconnect(): void {
    const lost = new CeratopsError('DEVICE_LOST', 'the connection is gone', { subject: this.name });
    this.#tellLost(lost);
    this.#end(lost, lost);
  }

  #execute(executable: number, program: Program, call: ExecuteCall): void {
    this.#checkOpen();
    this.#ledger.execute(program, call);
    this.counters.executes++;
    this.#send({ kind: 'execute', executable, call });
  }

  #send(request: Request, transfer: readonly ArrayBufferLike[] = []): void {
    this.#port.postMessage(request, transfer);
  }

  #ask(request: Extract<Request, { ticket: number }>): Promise<HostArray | undefined> {
    this.#checkOpen();
    this.#send(request);
    this.#port.ref?.();
    return new Promise((resolve, reject) => this.#pending.set(request.ticket, { resolve, reject }));
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.ticket);
    this.#pending.delete(reply.ticket);
    if (this.#pending.size === 0) this.#port.unref?.();
    if ('error' in reply) pending?.reject(decodeError(reply.error));
    else pending?.resolve(reply.value);
  }

  #end(reason: CeratopsError, pendingReason: CeratopsError): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    for (const { reject } of this.#pending.values()) reject(pendingReason);
    this.#pending.clear();
    this.#ledger.clear();
    this.#port.close();
  }

  #checkOpen(): void {
    if (this.#ended !== undefined) throw this.#ended;
  }
}

export function fakeRemoteBackend(options: FakeRemoteOptions = {}): FakeRemote {
  return new FakeRemote(options);
}

/** Not registered by itself; the lowest priority there is. */
export const fakeRemoteFactory: BackendFactory = {
  name: 'fake-remote',
  version: '0.1.0',
  contract: contractVersion,
  priority: -1,
  query: queryReference,
  create: (options) => fakeRemoteBackend(options as FakeRemoteOptions),
};
