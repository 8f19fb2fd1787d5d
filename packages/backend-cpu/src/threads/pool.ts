/** The worker threads of one backend: started when first wanted, replaced when one fails, never waited for. */

import { hasWorkers, isPageThread, type WebAssemblyMemory, type WorkerHandle } from '../platform/globals.js';
import { control, controlAddress } from './control.js';
import { spawnWorker } from './spawn.js';

/** Code of a program as workers get it: its bytes in the shared memory. */
export interface SharedCode {
  readonly serial: number;
  readonly address: number;
  readonly bytes: number;
}

export class ThreadPool {
  readonly size: number;
  readonly #memory: WebAssemblyMemory;
  #workers: WorkerHandle[] = [];
  #words: Int32Array;
  #generation = 0;

  /** @param size threads in all, the calling one included. */
  constructor(memory: WebAssemblyMemory, size: number) {
    this.#memory = memory;
    this.size = !hasWorkers() || isPageThread() ? 1 : size;
    this.#words = new Int32Array(memory.buffer);
  }

  /** Opens a run to the workers; `close` ends it. */
  open(code: SharedCode): void {
    if (this.#workers.length === 0) this.#start();
    this.#generation = (this.#generation + 1) | 0 || 1;
    this.#store('moduleSerial', code.serial);
    this.#store('moduleAddress', code.address);
    this.#store('moduleBytes', code.bytes);
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
      worker.postMessage({ memory: this.#memory, control: controlAddress, thread });
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
