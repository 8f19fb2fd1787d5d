/** What a lowering works with: the fusion, the storages, and the list of steps it adds to. */

import { type DType, dtypes, type ValueId } from '@ceratops/kernel-registry';
import type { Fusion } from '../fusion.js';
import { KernelBuilder, type StorageId } from '../kernel-builder.js';
import type { DraftStep, Storage } from '../storage.js';
import type { Target } from '../target.js';
import { ValueEmitter } from './values.js';

export interface KernelParts {
  readonly items: number;
  readonly costPerItem: number;
  /** See DraftKernel. */
  readonly rowElements?: number | undefined;
}

export class LoweringContext {
  readonly fusion: Fusion;
  readonly target: Target;
  readonly storages: Storage[] = [];
  readonly steps: DraftStep[] = [];
  readonly #byValue: Int32Array;

  constructor(fusion: Fusion, target: Target) {
    this.fusion = fusion;
    this.target = target;
    this.#byValue = new Int32Array(fusion.graph.types.length).fill(-1);
  }

  /** Whether a value is computed where it is used. */
  isComputed(value: ValueId): boolean {
    const { graph, modes } = this.fusion;
    const definition = graph.definitions[value]!;
    return definition >= 0 && modes[definition] === 'inline';
  }

  newStorage(storage: Omit<Storage, 'bytes'>): StorageId {
    const id = this.storages.length;
    this.storages.push({ ...storage, bytes: storage.elements * dtypes[storage.dtype].bytes });
    return id;
  }

  scratch(dtype: DType, elements: number): StorageId {
    return this.newStorage({ dtype, elements });
  }

  place(value: ValueId, storage: StorageId): void {
    this.#byValue[value] = storage;
  }

  /** The storage of a value that is in memory; made when it is first asked for. */
  storageOf = (value: ValueId): StorageId => {
    const root = this.fusion.rootOf(value);
    let storage = this.#byValue[root]!;
    if (storage < 0) {
      const { types, sizes } = this.fusion.graph;
      this.#byValue[root] = storage = this.scratch(types[root]!.dtype, sizes[root]!);
    }
    return storage;
  };

  /** Writes one kernel and adds it as a step. */
  kernel(name: string, group: number, write: (emitter: ValueEmitter) => KernelParts): void {
    const builder = new KernelBuilder();
    const { items, costPerItem, rowElements } = write(new ValueEmitter(builder, this.fusion, this.storageOf, group));
    const { kernel, storages, inPlace } = builder.finish(name, items, costPerItem);
    this.steps.push({ kind: 'kernel', kernel, storages, inPlace, rowElements });
  }
}
