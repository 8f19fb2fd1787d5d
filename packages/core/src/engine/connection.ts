/** The way to one backend: where it comes from, the ordered work for it, and another one in its place when it is lost. */
import { type Backend, CeratopsError } from '@ceratops/kernel-registry';
import { isPromise } from './cache.js';
import { normalise } from './failure.js';
import { type Job, WorkQueue } from './queue.js';

/** Where a backend comes from, asked when one is first needed. */
export type BackendSource = () => Backend | Promise<Backend>;

export class Connection {
  readonly #queue: WorkQueue = new WorkQueue();
  /** Asked at the next need of a backend; null while one is there or on its way. */
  #source: BackendSource | null;
  #successors: BackendSource | null;
  readonly #onLost: (error: CeratopsError) => void;
  #closed = false;

  /**
   * @param successors asked when a backend did not come or is lost; null when there is no other.
   * @param onLost called before the work that waits fails.
   */
  constructor(source: BackendSource, successors: BackendSource | null, onLost: (error: CeratopsError) => void) {
    this.#source = source;
    this.#successors = successors;
    this.#onLost = onLost;
  }

  /** True while no backend is there or on its way. */
  get unbound(): boolean {
    return this.#source !== null;
  }

  get backend(): Backend | null {
    return this.#queue.backend;
  }

  /** The backend when work may run on it right now, in order; else null. */
  get ready(): Backend | null {
    return this.#queue.ready;
  }

  push(job: Job): void {
    this.#queue.push(job);
  }

  /** Others to ask, as long as it is unbound. */
  rebind(source: BackendSource, successors: BackendSource): void {
    this.#source = source;
    this.#successors = successors;
  }

  /** Sees to it that the backend is there or on its way. */
  start(): void {
    const source = this.#source;
    if (source === null) return;
    this.#source = null;
    this.#queue.expect();
    try {
      const backend = source();
      if (isPromise(backend)) {
        backend.then(
          (ready) => this.#open(ready),
          (error) => this.#abandon(normalise(error, 'backend')),
        );
      } else this.#open(backend);
    } catch (error) {
      this.#abandon(normalise(error, 'backend'));
    }
  }

  #open(backend: Backend): void {
    if (this.#closed) {
      void backend.close();
      return;
    }
    void backend.lost?.then((error) => {
      if (this.backend !== backend) return;
      this.#onLost(error);
      if (this.#successors !== null) this.#abandon(error);
    });
    this.#queue.open(backend);
  }

  #abandon(error: CeratopsError): void {
    if (this.#closed) return;
    this.#source = this.#successors;
    this.#queue.close(error);
  }

  /** Rejects what waits and gives the backend's resources back. */
  async close(): Promise<void> {
    const { backend } = this;
    this.#source = null;
    this.#closed = true;
    this.#queue.close(new CeratopsError('ABORTED', 'the backend was closed', { subject: backend?.name }));
    await backend?.close();
  }
}
