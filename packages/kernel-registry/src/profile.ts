/** What a backend says about where time went. Types only: a device that keeps no time pays nothing. */

import type { OpName } from './opset.js';

export interface ProfileEvent {
  /** A program from its first to its last kernel, or one kernel of it on one thread. */
  readonly kind: 'program' | 'kernel';
  readonly name: string;
  /** Label of the program that ran. */
  readonly program: string;
  /** Ops that the kernel computes, each once; none for what only prepares another kernel. */
  readonly ops: readonly OpName[];
  /** Lane of the device; 0 is where programs begin and end. */
  readonly thread: number;
  /** Milliseconds since the profile began. */
  readonly start: number;
  /** Milliseconds that it lasted. */
  readonly duration: number;
  /** Arithmetic that it did, elementary functions counted as one operation. */
  readonly flops: number;
  /** Least traffic with memory that it has: what it reads and what it writes, each once. */
  readonly bytes: number;
}

/** What the device can do at best, as measured with programs of its own. */
export interface DevicePeaks {
  /** Of a large matrix product, per second. */
  readonly flops: number;
  /** Bytes read and written a second by an elementwise op on arrays that fit no cache. */
  readonly bandwidth: number;
}

export interface BackendProfile {
  /** By their start. */
  readonly events: readonly ProfileEvent[];
  /** Kernel events that there was no room for. */
  readonly lost: number;
  /** Undefined where there was no memory left to measure them. */
  readonly peaks: DevicePeaks | undefined;
}
