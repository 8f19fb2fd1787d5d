/**
 * The memory plan: which storages share memory, where temporaries lie in the arena, which input an output may take over.
 *
 * Sharing is decided from the last step backwards, so that a chain of in-place steps that ends in an output starts
 * there too. Temporaries are then placed, largest first, at the tightest gap between those alive at the same time.
 */

import type { Program } from '@ceratops/kernel-registry';
import type { StorageId } from './kernel-builder.js';
import type { LateParts } from './late-parts.js';
import type { BufferIndex, BufferPlace, Plan, PlanBuffer } from './plan.js';
import type { DraftStep, Storage } from './storage.js';

export interface MemoryInput {
  readonly program: Program;
  readonly storages: readonly Storage[];
  readonly steps: readonly DraftStep[];
  readonly inputs: readonly StorageId[];
  readonly outputs: readonly StorageId[];
  readonly alignment: number;
  readonly late: LateParts | undefined;
}

/** A piece of the arena: which steps it has data between, how much, and where. */
export interface ArenaSlot {
  /** -1 for what is there from the start. */
  readonly first: number;
  readonly last: number;
  readonly size: number;
  offset: number;
}

/** Storages that are one memory. Only temporaries are in the arena. */
interface Slot extends ArenaSlot {
  readonly bytes: number;
  first: number;
  last: number;
  input: number | undefined;
  output: number | undefined;
  readonly constant: boolean;
}

export function planMemory(memory: MemoryInput): Plan {
  const sharing = new Sharing(memory);
  const { slots, slotOf, aliases } = sharing;
  const live = [...new Set(slotOf)]
    .map((slot) => slots[slot]!)
    .filter((slot) => isTemporary(slot) && slot.first <= slot.last);
  live.sort((a, b) => b.size - a.size || a.first - b.first);
  const arenaBytes = (memory.late?.placeTightly ?? placeInArena)(live);
  const buffers: PlanBuffer[] = [];
  const bufferOf = new Map<number, BufferIndex>();
  const buffer = (storage: StorageId): BufferIndex => {
    const slot = slotOf[storage]!;
    let index = bufferOf.get(slot);
    if (index === undefined) {
      bufferOf.set(slot, (index = buffers.length));
      buffers.push(bufferOfSlot(slots[slot]!, memory.storages[slot]!));
    }
    return index;
  };
  const inputs = memory.inputs.map(buffer);
  const outputs = memory.outputs.map(buffer);
  const steps = memory.steps.flatMap((step) => step.finish(buffer) ?? []);
  return { name: memory.program.name, buffers, inputs, outputs, aliases, steps, arenaBytes };
}

function isTemporary({ input, output, constant }: Slot): boolean {
  return input === undefined && output === undefined && !constant;
}

function bufferOfSlot({ input, output, bytes, offset }: Slot, storage: Storage): PlanBuffer {
  const { dtype, elements, data } = storage;
  let place: BufferPlace = { kind: 'temporary', offset };
  if (output !== undefined) place = { kind: 'output', index: output };
  else if (input !== undefined) place = { kind: 'input', index: input };
  else if (data !== undefined) place = { kind: 'constant', data };
  return { place, dtype, elements, bytes };
}

class Sharing {
  readonly slots: Slot[];
  readonly slotOf: number[];
  readonly aliases: { input: number; output: number }[] = [];
  readonly #program: Program;

  constructor({ program, storages, steps, inputs, outputs, alignment }: MemoryInput) {
    this.#program = program;
    this.slotOf = storages.map((_, id) => id);
    this.slots = storages.map(({ bytes, input, output, data }) => ({
      bytes,
      first: input !== undefined || data !== undefined ? -1 : steps.length,
      last: -1,
      input,
      output,
      constant: data !== undefined,
      size: Math.ceil(bytes / alignment) * alignment,
      offset: 0,
    }));
    this.#measure(steps, outputs);
    for (let at = steps.length - 1; at >= 0; at--) this.#shareAt(steps[at]!, at);
    this.#takeDeadInputs(inputs, outputs);
    this.aliases.sort((a, b) => a.input - b.input);
  }

  #measure(steps: readonly DraftStep[], outputs: readonly StorageId[]): void {
    steps.forEach(({ reads, writes }, at) => {
      for (const storage of writes) {
        const slot = this.slots[storage]!;
        slot.first = Math.min(slot.first, at);
        slot.last = at;
      }
      for (const storage of reads) this.slots[storage]!.last = at;
    });
    for (const output of outputs) this.slots[output]!.last = steps.length;
  }

  #shareAt({ inPlace }: DraftStep, at: number): void {
    const taken = new Set<StorageId>();
    // Declared aliases first: an output's memory goes to its input rather than to a temporary.
    const declared = ([from, to]: readonly [StorageId, StorageId]): boolean =>
      this.#isDeclared(this.slots[this.slotOf[from]!]!.input, this.slots[this.slotOf[to]!]!.output);
    for (const [from, to] of [...inPlace.filter(declared), ...inPlace.filter((pair) => !declared(pair))]) {
      if (!taken.has(from) && !taken.has(to) && this.#share(from, to, at)) taken.add(from).add(to);
    }
  }

  /** Lets `to` take over the memory of `from` at step `at`, where they meet element by element. */
  #share(from: StorageId, to: StorageId, at: number): boolean {
    const source = this.slots[this.slotOf[from]!]!;
    const target = this.slots[this.slotOf[to]!]!;
    if (source === target || source.bytes !== target.bytes) return false;
    if (source.last !== at || target.first !== at || source.constant) return false;
    if (source.input !== undefined) return this.#alias(source.input, target.output);
    if (source.output !== undefined) return false;
    const slot = this.slotOf[to]!;
    this.slotOf[from] = slot;
    target.first = source.first;
    return true;
  }

  #isDeclared(input: number | undefined, output: number | undefined): boolean {
    return input !== undefined && output !== undefined && this.#program.inputs[input]!.aliases === output;
  }

  #alias(input: number, output: number | undefined): boolean {
    if (output === undefined || !this.#isDeclared(input, output)) return false;
    if (!this.aliases.some((pair) => pair.input === input || pair.output === output))
      this.aliases.push({ input, output });
    return true;
  }

  /** An input that nobody reads any more when its output is first written can be taken over whatever the access. */
  #takeDeadInputs(inputs: readonly StorageId[], outputs: readonly StorageId[]): void {
    this.#program.inputs.forEach(({ aliases }, input) => {
      if (aliases === undefined) return;
      const source = this.slots[this.slotOf[inputs[input]!]!]!;
      const target = this.slots[this.slotOf[outputs[aliases]!]!]!;
      if (source.last < target.first) this.#alias(input, aliases);
    });
  }
}

/** Narrows the search for slots that are alive at the same time. */
export interface SlotIndex {
  add(slot: ArenaSlot): void;
  /** All that were added and are alive with `slot`, perhaps others too. */
  near(slot: ArenaSlot): readonly ArenaSlot[];
}

/**
 * Gives slots their offsets, one after the other: each at the tightest gap among those alive with it.
 * @returns the bytes of the arena.
 */
export function placeInArena(slots: readonly ArenaSlot[], index?: SlotIndex): number {
  const placed: ArenaSlot[] = [];
  let arenaBytes = 0;
  for (const slot of slots) {
    slot.offset = tightestGap(slot, index?.near(slot) ?? placed);
    arenaBytes = Math.max(arenaBytes, slot.offset + slot.size);
    placed.push(slot);
    index?.add(slot);
  }
  return arenaBytes;
}

function tightestGap({ first, last, size }: ArenaSlot, placed: readonly ArenaSlot[]): number {
  let best: number | undefined;
  let bestGap = Number.POSITIVE_INFINITY;
  let free = 0;
  const alive = placed.filter((other) => other.first <= last && other.last >= first);
  for (const other of alive.sort((a, b) => a.offset - b.offset)) {
    const gap = other.offset - free;
    if (gap >= size && gap < bestGap) {
      best = free;
      bestGap = gap;
    }
    free = Math.max(free, other.offset + other.size);
  }
  return best ?? free;
}
