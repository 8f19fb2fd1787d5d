/**
 * The order of everything that reaches a backend. While nothing waits, work runs in the call that asks for it. When a
 * program still compiles (or the backend itself still loads), it and all later work queue up, and callers go on.
 */
import type { Backend, CeratopsError } from '@ceratops/kernel-registry';

export interface Job {
  /** What must settle before the job can run; null when it can. The promise never rejects. */
  blocker(backend: Backend): Promise<void> | null;
  run(backend: Backend): void;
  /** Instead of `run` when there is no backend to run on. */
  fail(error: CeratopsError): void;
}

export class WorkQueue {
  #backend: Backend | null = null;
  #failure: CeratopsError | null = null;
  #jobs: Job[] = [];
  #blocked = false;

  /** The backend when work may run on it right now, in order; else null. */
  get ready(): Backend | null {
    return this.#jobs.length === 0 ? this.#backend : null;
  }

  get backend(): Backend | null {
    return this.#backend;
  }

  /** A backend is on its way: what follows waits for it. */
  expect(): void {
    this.#failure = null;
  }

  /** The backend has come. */
  open(backend: Backend): void {
    this.#backend = backend;
    this.#pump();
  }

  /** No backend is there any more: what waits fails, and so does what follows, until another is on its way. */
  close(error: CeratopsError): void {
    this.#failure = error;
    this.#backend = null;
    this.#blocked = false;
    const jobs = this.#jobs;
    this.#jobs = [];
    for (const job of jobs) job.fail(error);
  }

  push(job: Job): void {
    if (this.#failure !== null) {
      job.fail(this.#failure);
      return;
    }
    this.#jobs.push(job);
    this.#pump();
  }

  #pump(): void {
    while (!this.#blocked && this.#backend !== null && this.#jobs.length > 0) {
      const job = this.#jobs[0]!;
      const blocker = job.blocker(this.#backend);
      if (blocker !== null) {
        this.#blocked = true;
        void blocker.then(() => this.#resume());
        return;
      }
      this.#jobs.shift();
      job.run(this.#backend);
    }
  }

  #resume(): void {
    this.#blocked = false;
    this.#pump();
  }
}
