/** The far end of the fake remote: the reference evaluator behind a port, one ordered queue, late and shuffled answers. */

import type { Executable } from '../backend.js';
import type { HostArray } from '../dtype.js';
import type { CeratopsError } from '../errors.js';
import { evaluateProgram } from '../evaluator/index.js';
import { LocalDevice } from './local-device.js';
import { decodeError, encodeError, type InjectionPoint, type Port, pause, type Reply, type Request } from './wire.js';

export interface RemoteServerOptions {
  /** Longest delay, in milliseconds, of a compile, a run or a reply; each is drawn anew. */
  readonly maximumDelay: number;
  /** Seed of the draws. */
  readonly seed: number;
}

type Handlers = { readonly [K in Request['kind']]: (request: Extract<Request, { kind: K }>) => void };

export class RemoteServer {
  readonly #port: Port;
  readonly #maximumDelay: number;
  readonly #device: LocalDevice;
  readonly #executables: Map<number, Executable> = new Map();
  readonly #inbox: Request[] = [];
  readonly #failures: Map<InjectionPoint, CeratopsError> = new Map();
  readonly #handlers: Handlers = {
    write: ({ id, type, data }) => this.#device.write(id, type, data),
    free: ({ ids }) => this.#device.free(ids),
    execute: ({ executable, call }) => this.#executables.get(executable)!.execute(call),
    release: ({ executable }) => void this.#executables.delete(executable),
    fail: ({ point, error }) => void this.#failures.set(point, decodeError(error)),
    compile: ({ ticket, program, label }) =>
      this.#answer(ticket, () => {
        this.#failIfTold('compile');
        this.#executables.set(ticket, this.#device.compile(program, { label }));
        return undefined;
      }),
    read: ({ ticket, id }) =>
      this.#answer(ticket, () => {
        this.#failIfTold('read');
        return this.#device.readSync!(id);
      }),
    synchronize: ({ ticket }) => this.#answer(ticket, () => undefined),
  };
  #random: number;
  #busy = false;

  constructor(port: Port, { maximumDelay, seed }: RemoteServerOptions) {
    this.#port = port;
    this.#maximumDelay = maximumDelay;
    this.#random = seed >>> 0;
    this.#device = new LocalDevice({
      name: 'remote server',
      synchronousReads: true,
      failure: 'stateLost',
      run: (program, inputs) => {
        this.#failIfTold('execute');
        return evaluateProgram(program, inputs);
      },
    });
    port.onmessage = ({ data }) => {
      this.#inbox.push(data as Request);
      void this.#work();
    };
    port.unref?.();
  }

  /** Handles requests one after the other, each run after a delay; nothing overtakes. */
  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let request = this.#inbox.shift(); request !== undefined; request = this.#inbox.shift()) {
      if (request.kind === 'execute') await this.#delay();
      (this.#handlers[request.kind] as (request: Request) => void)(request);
    }
    this.#busy = false;
  }

  /** Computes now, in the order of the queue, and replies later, in any order. */
  #answer(ticket: number, compute: () => HostArray | undefined): void {
    let reply: Reply;
    try {
      reply = { ticket, value: compute() };
    } catch (error) {
      reply = { ticket, error: encodeError(error) };
    }
    void this.#delay().then(() => this.#port.postMessage(reply));
  }

  #failIfTold(point: InjectionPoint): void {
    const error = this.#failures.get(point);
    this.#failures.delete(point);
    if (error !== undefined) throw error;
  }

  #delay(): Promise<void> {
    this.#random = (Math.imul(this.#random, 1664525) + 1013904223) >>> 0;
    return pause((this.#random / 2 ** 32) * this.#maximumDelay);
  }
}
