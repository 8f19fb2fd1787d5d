/** What a lowering works with: the fusion, the storages, and the list of steps it adds to. */

import { type DType, dtypes, isComplex, type ValueId } from '@ceratops/kernel-registry';
import type { Fusion } from '../fusion.js';
import { KernelBuilder, type StorageId } from '../kernel-builder.js';
import type { KernelStep } from '../plan.js';
import type { RowRun } from '../row-runs.js';
import { costOf } from '../scalar-ops.js';
import type { BufferOf, DraftStep, Storage } from '../storage.js';
import type { Target } from '../target.js';
import { withoutLowering } from './elementwise.js';
import { type Blocking, blocking } from './loops.js';
import { ValueEmitter } from './values.js';

const mostExpensive = 256;

export interface KernelParts {
  readonly items: number;
  readonly costPerItem: number;
  /** See DraftKernel. */
  readonly rowElements?: number | undefined;
  readonly run?: RowRun | undefined;
}

export class LoweringContext {
  readonly fusion: Fusion;
  readonly target: Target;
  /** By group. */
  readonly runs: ReadonlyMap<number, RowRun> | undefined;
  readonly storages: Storage[] = [];
  readonly steps: DraftStep[] = [];
  readonly #byValue: Int32Array;
  /** Per instruction; -1 where it is not known yet. */
  readonly #inlineCosts: Float64Array;

  constructor(fusion: Fusion, target: Target, runs: ReadonlyMap<number, RowRun> | undefined) {
    this.fusion = fusion;
    this.target = target;
    this.runs = runs;
    this.#inlineCosts = new Float64Array(fusion.graph.program.instructions.length).fill(-1);
    this.#byValue = new Int32Array(fusion.graph.types.length).fill(-1);
  }

  /** Whether a value is computed where it is used. */
  isComputed(value: ValueId): boolean {
    const { graph, modes } = this.fusion;
    const definition = graph.definitions[value]!;
    return definition >= 0 && modes[definition] === 'inline';
  }

  /** Scalar operations per element of computing a value where it is used: what is in memory costs nothing. */
  inlineCost(value: ValueId): number {
    const { graph, modes } = this.fusion;
    const definition = graph.definitions[value]!;
    if (definition < 0 || modes[definition] !== 'inline') return 0;
    let cost = this.#inlineCosts[definition]!;
    if (cost < 0) {
      const { op, operands } = graph.program.instructions[definition]!;
      cost = operands.reduce((sum, operand) => sum + this.inlineCost(operand), costOf(op));
      this.#inlineCosts[definition] = cost = Math.min(cost, mostExpensive);
    }
    return cost;
  }

  /** How the space of a group's loops is cut into items; `cost` is that of one element, `granule` as `blocking` takes it. */
  blocks(group: number, extents: readonly number[], cost: number, granule?: number): Blocking {
    const rows = this.runs?.get(group)?.blocks(extents, cost);
    return rows ?? blocking(extents, cost, this.target.itemCost, granule);
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

  /** Whether a value has a storage already. */
  isPlaced(value: ValueId): boolean {
    return this.#byValue[this.fusion.rootOf(value)]! >= 0;
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
    const { items, costPerItem, rowElements, run } = write(new ValueEmitter(builder, this, group));
    const { kernel, storages, ...accesses } = builder.finish(name, items, costPerItem);
    const complex = kernel.parameters.find(({ dtype }) => isComplex(dtype));
    if (complex !== undefined) throw withoutLowering(name, `for ${complex.dtype} on ${this.target.name}`);
    const finish = (buffer: BufferOf): KernelStep => ({ kind: 'kernel', kernel, buffers: storages.map(buffer) });
    this.steps.push({ kind: 'kernel', ...accesses, rowElements, run, finish });
  }
}
