/** Buffers by the client's ids, and the rules of the contract about them. */

import {
  type BufferId,
  byteSizeOf,
  CeratopsError,
  dtypes,
  type ExecuteCall,
  formatType,
  type HostArray,
  type Program,
  sameType,
  sizeOf,
  type TensorType,
} from '@ceratops/kernel-registry';

export interface BufferRecord {
  readonly type: TensorType;
  readonly address: number;
  /** Why there is no data. */
  readonly error: unknown;
}

function fail(id: BufferId, problem: string, expected: string, received: string): never {
  throw new CeratopsError('INVALID_ARGUMENT', problem, { subject: `cpu buffer ${id}`, expected, received });
}

export class BufferTable {
  readonly #records: Map<BufferId, BufferRecord> = new Map();

  get size(): number {
    return this.#records.size;
  }

  get(id: BufferId): BufferRecord {
    return this.#records.get(id) ?? fail(id, 'unknown buffer', 'the id of a live buffer', 'one freed or never written');
  }

  add(id: BufferId, record: BufferRecord): void {
    this.#records.set(id, record);
  }

  remove(id: BufferId): void {
    this.#records.delete(id);
  }

  ids(): BufferId[] {
    return [...this.#records.keys()];
  }

  checkFresh(id: BufferId): void {
    if (this.#records.has(id)) fail(id, 'id in use', 'a fresh id', `${id}`);
  }

  /** All or none. */
  checkFree(ids: readonly BufferId[]): void {
    for (const id of ids) this.get(id);
    checkDistinct(ids, 'freed twice in one call');
  }

  /** Throws for a call that does not fit the program. */
  checkCall(program: Program, { inputs, outputs }: ExecuteCall): void {
    checkCount(program, 'inputs', program.inputs.length, inputs.length);
    checkCount(program, 'outputs', program.outputs.length, outputs.length);
    for (let i = 0; i < inputs.length; i++) {
      const { type } = this.get(inputs[i]!);
      const declared = program.inputs[i]!.type;
      if (!sameType(type, declared))
        fail(inputs[i]!, `wrong type for input ${i} of ${program.name}`, formatType(declared), formatType(type));
    }
    for (let i = 0; i < outputs.length; i++) {
      this.checkFresh(outputs[i]!);
    }
    checkDistinct(outputs, 'outputs share a name');
  }
}

function checkDistinct(ids: readonly BufferId[], problem: string): void {
  if (ids.length > 1 && new Set(ids).size !== ids.length) fail(ids[0]!, problem, 'distinct ids', ids.join(', '));
}

function checkCount(program: Program, what: string, expected: number, received: number): void {
  if (expected === received) return;
  throw new CeratopsError('INVALID_ARGUMENT', `wrong number of ${what}`, {
    subject: program.name,
    expected: `${expected}`,
    received: `${received}`,
  });
}

/** Per input: whether its declared alias is taken at this call: not vetoed, and not given twice. */
export function givenAway(program: Program, { inputs, vetoed = [] }: ExecuteCall): boolean[] {
  return program.inputs.map(({ aliases }, i) => {
    if (aliases === undefined || vetoed.includes(i)) return false;
    return inputs.indexOf(inputs[i]!) === inputs.lastIndexOf(inputs[i]!);
  });
}

export function checkHostArray(type: TensorType, data: HostArray): void {
  const { host, hostElements } = dtypes[type.dtype];
  const length = sizeOf(type.shape) * hostElements;
  if (data instanceof host && data.length === length) return;
  throw new CeratopsError('INVALID_ARGUMENT', 'data does not fit the type', {
    subject: 'cpu write',
    expected: `${host.name}(${length}) for ${formatType(type)}`,
    received: `${data.constructor.name}(${data.length})`,
  });
}

/** A fresh host array of the elements at an address. */
export function copyOut(memory: Uint8Array, { type, address }: BufferRecord): HostArray {
  const { host } = dtypes[type.dtype];
  const bytes = new Uint8Array(byteSizeOf(type));
  bytes.set(memory.subarray(address, address + bytes.length));
  return new host(bytes.buffer);
}
