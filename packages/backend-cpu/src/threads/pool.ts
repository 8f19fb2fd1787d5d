/** The worker threads of one backend: started when first wanted, replaced when one fails, never waited for. */

import { CeratopsError } from '@ceratops/kernel-registry';
import type { WebAssemblyMemory } from '../platform/globals.js';
import { hasSharedMemory, hasWorkers, isPageThread, processorCount, type WorkerHandle } from '../platform/threads.js';
import { timeOrigin } from '../profile/clock.js';
import { control, controlAddress, runStatus } from './control.js';
import { spawnWorker } from './spawn.js';

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

/** Threads in all that this host runs, of those that are wanted. */
export function threadCount(wanted: number = processorCount()): number {
  return wanted > 1 && hasSharedMemory() && hasWorkers() && !isPageThread() ? wanted : 1;
}

export interface PoolOptions {
  readonly deadlineMilliseconds?: number | undefined;
  readonly costs?: SchedulingCosts | undefined;
}

/** Code of a program as workers get it: its bytes in the shared memory, and the address of its table. */
export interface SharedCode {
  readonly serial: number;
  readonly address: number;
  readonly bytes: number;
  readonly table: number;
}

export class ThreadPool {
  readonly size: number;
  readonly costs: SchedulingCosts;
  readonly deadlineMilliseconds: number;
  readonly #memory: WebAssemblyMemory;
  #workers: WorkerHandle[] = [];
  #words: Int32Array;
  #generation = 0;
  #serial = 0;

  /** @param size threads in all, the calling one included. */
  constructor(memory: WebAssemblyMemory, size: number, options: PoolOptions = {}) {
    this.#memory = memory;
    this.size = size;
    this.costs = options.costs ?? schedulingCosts;
    this.deadlineMilliseconds = options.deadlineMilliseconds ?? 30_000;
    this.#words = new Int32Array(memory.buffer);
  }

  /** Describes code that lies at `address` in the memory. */
  share({ length }: Uint8Array, address: number, table: number): SharedCode {
    return { serial: ++this.#serial, address, bytes: length, table };
  }

  /** A run that workers help with; answers with what went wrong in one of them. */
  run(label: string, code: SharedCode, run: () => number): CeratopsError | undefined {
    let status: number;
    try {
      this.open(code);
      status = run();
      this.close();
    } catch (error) {
      this.stop();
      throw error;
    }
    if (status === runStatus.ok) return undefined;
    this.stop();
    return new CeratopsError('DEVICE_LOST', 'a worker thread failed during the run', {
      subject: label,
      received: status === runStatus.deadline ? 'no answer before the deadline' : 'a trap in the worker',
      remedy: 'run it again: the threads start anew',
    });
  }

  /** Opens a run to the workers; `close` ends it. */
  open(code: SharedCode): void {
    if (this.#workers.length === 0) this.#start();
    this.#generation = (this.#generation + 1) | 0 || 1;
    this.#store('moduleSerial', code.serial);
    this.#store('moduleAddress', code.address);
    this.#store('moduleBytes', code.bytes);
    this.#store('moduleTable', code.table);
    this.#store('chunks', 0);
    this.#store('active', this.#generation);
    this.#store('generation', this.#generation);
    if (this.#load('sleepers') > 0) Atomics.notify(this.#words, index('generation'));
  }

  close(): void {
    this.#store('active', 0);
  }

  /** Workers that have begun to run, dead ones included. */
  get started(): number {
    return this.#load('started');
  }

  /** Ends all workers; the next run starts new ones. */
  stop(): void {
    this.#store('active', 0);
    this.#store('stop', 1);
    this.#generation = (this.#generation + 1) | 0 || 1;
    this.#store('generation', this.#generation);
    Atomics.notify(this.#words, index('generation'));
    for (const worker of this.#workers) worker.terminate();
    this.#workers = [];
  }

  #start(): void {
    // A terminated worker may have left any of these behind.
    for (const field of ['stop', 'fault', 'sleepers', 'started', 'waiting', 'chunks'] as const) this.#store(field, 0);
    for (let thread = 1; thread < this.size; thread++) {
      const worker = spawnWorker();
      worker.unref?.();
      const lost = (): void => this.#lose(worker);
      worker.on?.('error', lost);
      worker.on?.('exit', lost);
      worker.addEventListener?.('error', lost);
      worker.postMessage({ memory: this.#memory, control: controlAddress, thread, timeOrigin: timeOrigin() });
      this.#workers.push(worker);
    }
  }

  /** One worker ended by itself: all start anew with the next run. */
  #lose(worker: WorkerHandle): void {
    if (this.#workers.includes(worker)) this.stop();
  }

  #load(field: keyof typeof control): number {
    return Atomics.load(this.#words, index(field));
  }

  #store(field: keyof typeof control, value: number): void {
    Atomics.store(this.#words, index(field), value);
  }
}

function index(field: keyof typeof control): number {
  return (controlAddress + control[field]) / 4;
}
