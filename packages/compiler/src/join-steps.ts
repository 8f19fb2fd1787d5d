/** Steps that work on the same rows become one: elementwise work joins a product, kernels of a run join each other. A late part. */

import { checkArraySizes } from './array-limit.js';
import { attachEpilogues } from './epilogue.js';
import type { StorageId } from './kernel-builder.js';
import type { LoweringContext } from './lower/context.js';
import type { RowsKernel, RowsStep } from './plan.js';
import type { BufferOf, DraftKernel, DraftRows, DraftStep } from './storage.js';
import { withWorkspaces } from './workspace.js';

export function joinSteps(context: LoweringContext): DraftStep[] {
  checkArraySizes(context);
  const { target } = context;
  const steps = withWorkspaces(context);
  return joinRuns(context, target.epilogue === undefined ? steps : attachEpilogues(steps, target));
}

function joinRuns(context: LoweringContext, steps: readonly DraftStep[]): DraftStep[] {
  const uses = usesOf(steps);
  const joined: DraftStep[] = [];
  for (let at = 0; at < steps.length; ) {
    const kernels = runAt(steps, at);
    if (kernels.length < 2) joined.push(steps[at++]!);
    else {
      joined.push(new Run(context, kernels, uses).join());
      at += kernels.length;
    }
  }
  return joined;
}

/** The kernels of one run from a step on. */
function runAt(steps: readonly DraftStep[], at: number): DraftKernel[] {
  const kernels: DraftKernel[] = [];
  for (let step = steps[at]; step?.kind === 'kernel' && step.run !== undefined; step = steps[++at]) {
    if (kernels.length > 0 && step.run !== kernels[0]!.run) break;
    kernels.push(step);
  }
  return kernels;
}

/** How many steps use each storage. */
function usesOf(steps: readonly DraftStep[]): Map<StorageId, number> {
  const uses = new Map<StorageId, number>();
  for (const step of steps) for (const storage of storagesOf(step)) uses.set(storage, (uses.get(storage) ?? 0) + 1);
  return uses;
}

function storagesOf({ reads, writes }: DraftStep): Set<StorageId> {
  return new Set([...reads, ...writes]);
}

/** Kernels of a run from one of them to another. */
interface Life {
  readonly storage: StorageId;
  readonly first: number;
  last: number;
  uses: number;
  readonly written: boolean;
}

/** Memory of some storages, one after the other. */
interface Local {
  readonly bytes: number;
  last: number;
}

class Run {
  readonly #context: LoweringContext;
  readonly #kernels: readonly DraftKernel[];
  readonly #rows: number;
  readonly #lives: readonly Life[];
  readonly #locals: Local[] = [];
  readonly #localOf = new Map<StorageId, number>();
  readonly #across: ReadonlySet<StorageId>;

  constructor(context: LoweringContext, kernels: readonly DraftKernel[], uses: ReadonlyMap<StorageId, number>) {
    const { rows, across } = kernels[0]!.run!;
    this.#context = context;
    this.#kernels = kernels;
    this.#rows = rows;
    this.#across = new Set([...across].map(context.storageOf));
    this.#lives = livesIn(kernels);
    for (const life of this.#lives) {
      const { input, output, data } = context.storages[life.storage]!;
      const isOwn = life.written && uses.get(life.storage) === life.uses;
      if (isOwn && input === undefined && output === undefined && data === undefined) this.#placeLocal(life);
    }
  }

  #bytes(storage: StorageId): number {
    return this.#context.storages[storage]!.bytes / this.#rows;
  }

  #placeLocal({ storage, first, last }: Life): void {
    const bytes = this.#bytes(storage);
    const { inPlace } = this.#kernels[first]!;
    const isOver = (from: StorageId): boolean =>
      this.#lives.some((life) => life.storage === from && life.last === first);
    const taken = inPlace.flatMap(([from, to]) => (to === storage && isOver(from) ? [this.#localOf.get(from)] : []));
    const mayTake = (local: Local, number: number): boolean =>
      local.bytes === bytes && (local.last < first || (local.last === first && taken.includes(number)));
    let number = this.#locals.findIndex(mayTake);
    if (number < 0) number = this.#locals.push({ bytes, last }) - 1;
    this.#locals[number]!.last = last;
    this.#localOf.set(storage, number);
  }

  join(): DraftRows {
    const lives = this.#lives.filter(({ storage }) => !this.#localOf.has(storage));
    const written = lives.filter((life) => life.written);
    const read = lives.filter((life) => !life.written);
    const storages = (of: readonly Life[]): StorageId[] => of.map(({ storage }) => storage);
    return {
      kind: 'rows',
      reads: storages(read),
      writes: storages(written),
      inPlace: read.flatMap((from) =>
        written.filter((to) => this.#mayTake(from, to)).map((to) => [from.storage, to.storage] as const),
      ),
      finish: (buffer) => this.#finish(buffer),
    };
  }

  /** Row by row, `from` is over where `to` begins. */
  #mayTake(from: Life, to: Life): boolean {
    if (this.#across.has(from.storage) || this.#bytes(from.storage) !== this.#bytes(to.storage)) return false;
    if (from.last !== to.first) return from.last < to.first;
    return this.#kernels[to.first]!.inPlace.some(([a, b]) => a === from.storage && b === to.storage);
  }

  #finish(buffer: BufferOf): RowsStep {
    const kernels = this.#kernels.map((draft): RowsKernel => {
      const { kernel, buffers } = draft.finish((storage) => {
        const local = this.#localOf.get(storage);
        return local === undefined ? buffer(storage) : -1 - local;
      });
      return { kernel, buffers: buffers.map((index) => (index < 0 ? { local: -1 - index } : index)) };
    });
    return { kind: 'rows', kernels, locals: this.#locals.map(({ bytes }) => bytes) };
  }
}

function livesIn(kernels: readonly DraftKernel[]): Life[] {
  const lives = new Map<StorageId, Life>();
  kernels.forEach((kernel, at) => {
    for (const storage of storagesOf(kernel)) {
      const life = lives.get(storage) ?? {
        storage,
        first: at,
        last: at,
        uses: 0,
        written: kernel.writes.includes(storage),
      };
      life.last = at;
      life.uses++;
      lives.set(storage, life);
    }
  });
  return [...lives.values()];
}
