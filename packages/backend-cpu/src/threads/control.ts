/**
 * The block of shared memory through which the calling thread and its workers talk; byte offsets from its start. worker.js
 * is loaded on its own and repeats the offsets that it uses; a test holds the two together.
 */
export const control = {
  /** Grows by one for each run that wants workers; they sleep on it. */
  generation: 0,
  /** The generation whose run is open to workers, else 0. */
  active: 4,
  /** Serial number, address and length of the code of the module that is running. */
  moduleSerial: 8,
  moduleAddress: 12,
  moduleBytes: 16,
  /** Not 0 tells workers to end. */
  stop: 20,
  /** Not 0 when a worker failed: its run cannot be completed. */
  fault: 24,
  /** Workers that sleep on `generation`. */
  sleepers: 28,
  /** Workers that have started, for statistics and tests. */
  started: 32,
  /** Address of its table; see program/addresses.ts. */
  moduleTable: 36,
  /** i64: epoch << 32 | next chunk. A claim is a compare-exchange, so that no late worker can take from another step. */
  ticket: 64,
  /** What the chunks of the current epoch are. */
  chunks: 72,
  chunkItems: 76,
  items: 80,
  job: 84,
  epoch: 88,
  /** Chunks done in the current epoch. */
  done: 128,
  /** Not 0 while the calling thread sleeps on `done`. */
  waiting: 132,
  /** Address of the memory that profiled code writes its records to; see profile/log.ts. */
  log: 136,
  byteLength: 192,
} as const;

/** Where the block lies in a backend's memory: below `reservedBytes` of engine.ts. */
export const controlAddress = 1024;

/** Results of `run` and `parallel` in emitted code; `run` of code for one thread has but the first. */
export const runStatus = { ok: 0, workerFault: 1, deadline: 2 } as const;
