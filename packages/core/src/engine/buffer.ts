/** A backend buffer as this package sees it: whether it exists, and what went wrong if it does not. */
import type { BufferId, CeratopsError } from '@ceratops/kernel-registry';
import type { ValueType } from '../graph/value-type.js';
import type { Memory } from './memory.js';

/** The part of a buffer that outlives its handle, so that a finaliser can free it. */
export class Allocation {
  readonly id: BufferId;
  readonly bytes: number;
  /** Where it is counted. */
  readonly memory: Memory;
  /** `queued`: made by a launch that waits; `live`: the backend knows the id; `gone`: freed, donated or never made. */
  state: 'queued' | 'live' | 'gone' = 'queued';

  constructor(id: BufferId, bytes: number, memory: Memory) {
    this.id = id;
    this.bytes = bytes;
    this.memory = memory;
  }

  /** Nobody has the buffer any more. */
  finalise(): void {
    this.memory.collect(this);
  }
}

export class Buffer {
  readonly allocation: Allocation;
  readonly type: ValueType;
  /** The program that writes it, and the op in it; for error messages. */
  readonly program: string;
  readonly op: string | undefined;
  #error: CeratopsError | null = null;
  /** Freed by the garbage collector's word when nobody frees it before. */
  watched = false;
  /** Several nodes may have it. */
  shared = false;
  /** It was shared, and is about to be freed. */
  evicted = false;

  constructor(id: BufferId, type: ValueType, program: string, op: string | undefined, memory: Memory) {
    this.allocation = new Allocation(id, type.bytes, memory);
    this.type = type;
    this.program = program;
    this.op = op;
  }

  /** Where it is counted. */
  get memory(): Memory {
    return this.allocation.memory;
  }

  /** Why it holds nothing. */
  get error(): CeratopsError | null {
    return this.#error ?? this.memory.lost;
  }

  set error(cause: CeratopsError) {
    this.#error = cause;
  }

  get id(): BufferId {
    return this.allocation.id;
  }
}
