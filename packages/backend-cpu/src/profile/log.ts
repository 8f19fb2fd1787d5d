/** The memory in which profiled code notes what it did: a header, then records. Byte offsets. */
export const logHeader = {
  /** Records that were wanted so far; those behind the capacity are not there. */
  records: 0,
  capacity: 4,
  byteLength: 64,
} as const;

/** One call of a kernel for some of its items, on one thread. */
export const record = {
  call: 0,
  thread: 4,
  items: 8,
  /** Number of the shared step, which tells rounds of a loop apart. */
  epoch: 12,
  /** Milliseconds, f64. */
  start: 16,
  end: 24,
  byteLength: 32,
} as const;
