/**
 * Counts the bytes that live on a backend, and keeps what only the garbage collector knows to be dead within a budget.
 *
 * Programs free what they own by count. A buffer that a user's tensor holds is *watched*: a FinalizationRegistry frees it
 * when its handle is collected. JavaScript engines do not feel device memory, so once the watched bytes have grown by the
 * budget, asynchronous calls let the event loop turn and ask for a collection before they go on.
 */
import { type BufferId, CeratopsError } from '@ceratops/kernel-registry';
import type { Allocation, Buffer } from './buffer.js';
import { collectsExactly, finaliser, provokeCollection } from './collection.js';

export interface MemoryBudget {
  /** How many bytes of tensors that nobody holds any more may pile up. Default 128 MiB; they are looked for at half of it. */
  readonly slackBytes?: number | undefined;
  /** Above this many live bytes calls fail with OUT_OF_MEMORY. Default: what the device takes. */
  readonly limitBytes?: number | undefined;
}

export const defaultSlackBytes: number = 128 * 2 ** 20;

const collectionRounds = 12;

export class Memory {
  readonly #slack: number;
  readonly #limit: number;
  readonly #free: (ids: BufferId[]) => void;
  #watched = 0;
  #threshold: number;
  #reclaiming: Promise<void> | null = null;
  liveBytes = 0;
  /** Why nothing of it is there any more. */
  lost: CeratopsError | null = null;

  constructor(budget: MemoryBudget, free: (ids: BufferId[]) => void) {
    this.#slack = budget.slackBytes ?? defaultSlackBytes;
    this.#limit = budget.limitBytes ?? Number.POSITIVE_INFINITY;
    this.#threshold = this.#slack / 2;
    this.#free = free;
  }

  /** Counts a buffer that is about to exist. */
  add(buffer: Buffer): void {
    this.liveBytes += buffer.allocation.bytes;
  }

  /** Counts a buffer that is gone. */
  remove(buffer: Buffer): void {
    this.liveBytes -= buffer.allocation.bytes;
    buffer.allocation.state = 'gone';
    if (!buffer.watched) return;
    this.#watched -= buffer.allocation.bytes;
    buffer.watched = false;
    finaliser().unregister(buffer);
  }

  /** Counts a buffer that is back after a failed run. */
  restore(buffer: Buffer): void {
    if (buffer.allocation.state !== 'gone') return;
    buffer.allocation.state = 'live';
    this.add(buffer);
  }

  /** From now on the collector frees the buffer, unless someone does before. */
  watch(buffer: Buffer): void {
    if (buffer.watched || buffer.allocation.state === 'gone') return;
    buffer.watched = true;
    this.#watched += buffer.allocation.bytes;
    finaliser().register(buffer, buffer.allocation, buffer);
  }

  get slackBytes(): number {
    return this.#slack;
  }

  get overSlack(): boolean {
    return this.#watched > this.#threshold;
  }

  wouldExceed(bytes: number): boolean {
    return this.liveBytes + bytes > this.#limit;
  }

  /** The error when `bytes` more do not fit. */
  shortage(bytes: number): CeratopsError | null {
    if (!this.wouldExceed(bytes)) return null;
    return new CeratopsError('OUT_OF_MEMORY', 'no room on the device', {
      expected: `at most ${this.#limit} live bytes`,
      received: `${this.liveBytes + bytes}`,
      remedy: 'let go of tensors that are not used again: `using x = …` or x.dispose() frees at once',
    });
  }

  /** Lets dead tensors be found and freed until the watched bytes are within the slack, or nothing more turns up. */
  reclaim(): Promise<void> {
    this.#reclaiming ??= this.#reclaim().finally(() => {
      this.#reclaiming = null;
    });
    return this.#reclaiming;
  }

  async #reclaim(): Promise<void> {
    const start = this.#watched;
    const rounds = collectsExactly() ? 1 : collectionRounds;
    for (let round = 0; round < rounds; round++) {
      await provokeCollection();
      if (start - this.#watched >= this.#slack / 4) break;
    }
    this.#threshold = this.#watched + this.#slack / 2;
  }

  /** The garbage collector found that nobody has the buffer. */
  collect(allocation: Allocation): void {
    this.#watched -= allocation.bytes;
    if (allocation.state === 'gone' || this.lost !== null) return;
    this.liveBytes -= allocation.bytes;
    allocation.state = 'gone';
    try {
      this.#free([allocation.id]);
    } catch {
      // The device was closed before its last tensors were collected; with it went their memory.
    }
  }
}
