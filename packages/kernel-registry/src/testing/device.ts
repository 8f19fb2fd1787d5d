/** What the test devices share: how they present themselves and what they count. */

import type { DTypeSupport, OpQuery, QueryAnswer } from '../backend.js';
import { type DType, dtypes } from '../dtype.js';

/** Calls a device has seen, for assertions such as "no host read inside fit". */
export interface Counters {
  writes: number;
  reads: number;
  compiles: number;
  executes: number;
  freedBuffers: number;
}

export function newCounters(): Counters {
  return { writes: 0, reads: 0, compiles: 0, executes: 0, freedBuffers: 0 };
}

const full: DTypeSupport = { storage: true, arithmetic: true, accelerated: false };

export const allDTypes: Readonly<Record<DType, DTypeSupport>> = Object.fromEntries(
  Object.keys(dtypes).map((dtype) => [dtype, full]),
) as Record<DType, DTypeSupport>;

/** Every op as it is, except composites, which decompose, and calls out, which nothing here can answer. */
export function queryReference({ op }: OpQuery): QueryAnswer {
  if (op === 'composite') return { kind: 'decompose' };
  if (op === 'custom_call') return { kind: 'unsupported', reason: 'a custom call means what its backend says' };
  return { kind: 'native' };
}
