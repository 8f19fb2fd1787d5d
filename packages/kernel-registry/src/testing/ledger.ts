/** Who owns which buffer: the rules of `backend.ts`, checked at every call. All test devices keep one. */

import type { BufferId, ExecuteCall, MemoryStatistics } from '../backend.js';
import { dtypes, type HostArray } from '../dtype.js';
import { CeratopsError } from '../errors.js';
import { outputTypes, type Program } from '../program.js';
import { byteSizeOf, formatType, sameType, sizeOf, type TensorType } from '../tensor-type.js';

/** Throws unless `data` is the dense host array of a type. */
export function checkHostArray(subject: string, type: TensorType, data: HostArray): void {
  const { host, hostElements } = dtypes[type.dtype];
  const length = sizeOf(type.shape) * hostElements;
  if (data instanceof host && data.length === length) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'data does not fit the type', {
    subject,
    expected: `${host.name}(${length}) for ${formatType(type)}`,
    received: `${data.constructor.name}(${data.length})`,
  });
}

export class BufferLedger {
  readonly #subject: string;
  readonly #live: Map<BufferId, TensorType> = new Map();
  readonly #gone: Map<BufferId, string> = new Map();
  #liveBytes = 0;
  #peakBytes = 0;

  constructor(subject: string) {
    this.#subject = subject;
  }

  /** A fresh id becomes a buffer. */
  define(id: BufferId, type: TensorType): void {
    this.#checkFresh(id);
    this.#add(id, type);
  }

  typeOf(id: BufferId): TensorType {
    const type = this.#live.get(id);
    if (type !== undefined) return type;
    const gone = this.#gone.get(id);
    throw new CeratopsError(gone === undefined ? 'INVALID_ARGUMENT' : 'DISPOSED', gone ?? 'unknown buffer', {
      subject: `${this.#subject} buffer ${id}`,
      expected: 'a live buffer',
    });
  }

  /** All or none. */
  free(ids: readonly BufferId[]): void {
    ids.forEach((id, i) => {
      this.typeOf(id);
      if (ids.indexOf(id) !== i) this.#fail(id, 'freed twice in one call', 'distinct ids', ids.join(', '));
    });
    for (const id of ids) this.#remove(id, 'was freed');
  }

  /**
   * Checks a call and applies it: outputs appear, inputs whose alias is taken go.
   * @returns the ids that are gone.
   */
  execute(program: Program, call: ExecuteCall): BufferId[] {
    const { inputs, outputs } = call;
    const outputsOf = outputTypes(program);
    this.#checkCount('inputs', program.inputs.length, inputs.length);
    this.#checkCount('outputs', outputsOf.length, outputs.length);
    inputs.forEach((id, i) => {
      const declared = program.inputs[i]!.type;
      const type = this.typeOf(id);
      if (!sameType(type, declared))
        this.#fail(id, `wrong type for input ${i}`, formatType(declared), formatType(type));
    });
    outputs.forEach((id, i) => {
      this.#checkFresh(id);
      if (outputs.indexOf(id) !== i) this.#fail(id, 'names two outputs', 'distinct ids', outputs.join(', '));
    });
    const donated = donatedInputs(program, call);
    for (const id of donated) this.#remove(id, 'was given away: an output took over its storage');
    outputs.forEach((id, i) => {
      this.#add(id, outputsOf[i]!);
    });
    return donated;
  }

  /** Puts given-away buffers back, after a failed run on an atomic backend. */
  restore(buffers: Iterable<readonly [BufferId, TensorType]>): void {
    for (const [id, type] of buffers) {
      this.#gone.delete(id);
      this.#add(id, type);
    }
  }

  clear(): void {
    for (const id of [...this.#live.keys()]) this.#remove(id, 'went away with its backend');
  }

  statistics(): MemoryStatistics {
    return { liveBytes: this.#liveBytes, peakBytes: this.#peakBytes, liveBuffers: this.#live.size };
  }

  #add(id: BufferId, type: TensorType): void {
    this.#live.set(id, type);
    this.#liveBytes += byteSizeOf(type);
    this.#peakBytes = Math.max(this.#peakBytes, this.#liveBytes);
  }

  #remove(id: BufferId, reason: string): void {
    this.#liveBytes -= byteSizeOf(this.typeOf(id));
    this.#live.delete(id);
    this.#gone.set(id, reason);
  }

  #checkFresh(id: BufferId): void {
    if (this.#live.has(id) || this.#gone.has(id)) this.#fail(id, 'id used before', 'a fresh id', `${id}`);
  }

  #checkCount(what: string, expected: number, received: number): void {
    if (expected === received) return;
    throw new CeratopsError('INVALID_ARGUMENT', `wrong number of ${what}`, {
      subject: this.#subject,
      expected: `${expected}`,
      received: `${received}`,
    });
  }

  #fail(id: BufferId, problem: string, expected: string, received: string): never {
    throw new CeratopsError('INVALID_ARGUMENT', problem, {
      subject: `${this.#subject} buffer ${id}`,
      expected,
      received,
    });
  }
}

/** Inputs whose declared alias is taken at this call: not vetoed and not given twice. */
export function donatedInputs(program: Program, { inputs, vetoed = [] }: ExecuteCall): BufferId[] {
  return inputs.filter((id, i) => {
    const declared = program.inputs[i]!.aliases !== undefined;
    return declared && !vetoed.includes(i) && inputs.indexOf(id) === inputs.lastIndexOf(id);
  });
}
