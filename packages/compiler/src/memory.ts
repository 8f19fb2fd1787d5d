/**
 * The memory plan: which storages share memory, where temporaries lie in the arena, which input an output may take over.
 *
 * Sharing is decided from the last step backwards, so that a chain of in-place steps that ends in an output starts
 * there too. Temporaries are then placed, largest first, at the tightest gap between those alive at the same time.
 */

import type { Program } from '@ceratops/kernel-registry';
import type { StorageId } from './kernel-builder.js';
import type { BufferIndex, BufferPlace, CopyStep, Plan, PlanBuffer, Step } from './plan.js';
import type { Accesses, DraftCopy, DraftKernel, DraftStep, Storage } from './storage.js';

export interface MemoryInput {
  readonly program: Program;
  readonly storages: readonly Storage[];
  readonly steps: readonly DraftStep[];
  readonly inputs: readonly StorageId[];
  readonly outputs: readonly StorageId[];
  readonly alignment: number;
}

/** Storages that are one memory. */
interface Slot {
  readonly storage: StorageId;
  bytes: number;
  /** Steps between which it holds data; first is -1 for what is there from the start. */
  first: number;
  last: number;
  input: number | undefined;
  output: number | undefined;
  readonly constant: boolean;
}

export function planMemory(memory: MemoryInput): Plan {
  const sharing = new Sharing(memory);
  const { slots, slotOf, aliases } = sharing;
  const live = [...new Set(slotOf)].filter((slot) => isTemporary(slots[slot]!) && slots[slot]!.last >= 0);
  const { offsets, arenaBytes } = placeInArena(
    live.map((slot) => slots[slot]!),
    memory.alignment,
  );
  const offsetOf = new Map(live.map((slot, i) => [slot, offsets[i]!]));
  const buffers: PlanBuffer[] = [];
  const bufferOf = new Map<number, BufferIndex>();
  const buffer = (storage: StorageId): BufferIndex => {
    const slot = slotOf[storage]!;
    let index = bufferOf.get(slot);
    if (index === undefined) {
      bufferOf.set(slot, (index = buffers.length));
      buffers.push(bufferOfSlot(slots[slot]!, memory.storages[slots[slot]!.storage]!, offsetOf.get(slot) ?? 0));
    }
    return index;
  };
  const inputs = memory.inputs.map(buffer);
  const outputs = memory.outputs.map(buffer);
  const steps = memory.steps.flatMap((step) => finalStep(step, buffer));
  return { name: memory.program.name, buffers, inputs, outputs, aliases, steps, arenaBytes };
}

function isTemporary({ input, output, constant }: Slot): boolean {
  return input === undefined && output === undefined && !constant;
}

function bufferOfSlot({ input, output, bytes }: Slot, storage: Storage, offset: number): PlanBuffer {
  const { dtype, elements, data } = storage;
  let place: BufferPlace = { kind: 'temporary', offset };
  if (output !== undefined) place = { kind: 'output', index: output };
  else if (input !== undefined) place = { kind: 'input', index: input };
  else if (data !== undefined) place = { kind: 'constant', data };
  return { place, dtype, elements, bytes };
}

function kernelAccesses({ kernel, storages }: DraftKernel): Accesses {
  return {
    reads: storages.filter((_, i) => kernel.parameters[i]!.access !== 'write'),
    writes: storages.filter((_, i) => kernel.parameters[i]!.access !== 'read'),
  };
}

function accessesOf(step: DraftStep): Accesses {
  switch (step.kind) {
    case 'kernel':
      return kernelAccesses(step);
    case 'library': {
      const { operands, results, epilogue } = step;
      if (epilogue === undefined) return { reads: operands, writes: results };
      const { reads, writes } = kernelAccesses(epilogue);
      return { reads: [...operands, ...reads], writes: [...results, ...writes] };
    }
    case 'copy':
      return { reads: [step.from], writes: [step.to] };
    case 'control':
      return step;
  }
}

class Sharing {
  readonly slots: Slot[];
  readonly slotOf: number[];
  readonly aliases: { input: number; output: number }[] = [];
  readonly #program: Program;

  constructor({ program, storages, steps, inputs, outputs }: MemoryInput) {
    this.#program = program;
    this.slotOf = storages.map((_, id) => id);
    this.slots = storages.map(({ bytes, input, output, data }, storage) => ({
      storage,
      bytes,
      first: input !== undefined || data !== undefined ? -1 : steps.length,
      last: -1,
      input,
      output,
      constant: data !== undefined,
    }));
    this.#measure(steps, outputs);
    for (let at = steps.length - 1; at >= 0; at--) this.#shareAt(steps[at]!, at);
    this.#takeDeadInputs(inputs, outputs);
    this.aliases.sort((a, b) => a.input - b.input);
  }

  #measure(steps: readonly DraftStep[], outputs: readonly StorageId[]): void {
    steps.forEach((step, at) => {
      const { reads, writes } = accessesOf(step);
      for (const storage of writes) {
        const slot = this.slots[storage]!;
        slot.first = Math.min(slot.first, at);
        slot.last = at;
      }
      for (const storage of reads) this.slots[storage]!.last = at;
    });
    for (const output of outputs) this.slots[output]!.last = steps.length;
  }

  #shareAt(step: DraftStep, at: number): void {
    if (step.kind === 'copy') {
      this.#share(step.from, step.to, at);
      return;
    }
    if (step.kind === 'kernel') this.#shareInKernel(step, at, () => true);
    // The op may still read its operands while the epilogue runs: only its own result is changed in place.
    if (step.kind === 'library' && step.epilogue !== undefined) {
      this.#shareInKernel(step.epilogue, at, (from) => from === step.results[0]);
    }
  }

  #shareInKernel({ storages, inPlace }: DraftKernel, at: number, may: (from: StorageId) => boolean): void {
    const taken = new Set<number>();
    // Declared aliases first: an output's memory goes to its input rather than to a temporary.
    const declared = ([read, written]: readonly [number, number]): boolean =>
      this.#isDeclared(
        this.slots[this.slotOf[storages[read]!]!]!.input,
        this.slots[this.slotOf[storages[written]!]!]!.output,
      );
    const pairs = [...inPlace.filter(declared), ...inPlace.filter((pair) => !declared(pair))];
    for (const [read, written] of pairs) {
      const from = storages[read]!;
      const to = storages[written]!;
      if (taken.has(from) || taken.has(to) || !may(from)) continue;
      if (storages.filter((storage) => storage === from).length > 1) continue;
      if (this.#share(from, to, at)) taken.add(from).add(to);
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

/** Offsets for slots in one arena: the largest first, each at the tightest gap among those alive with it. */
function placeInArena(slots: readonly Slot[], alignment: number): { offsets: number[]; arenaBytes: number } {
  const sizes = slots.map(({ bytes }) => Math.ceil(bytes / alignment) * alignment);
  const arena: Arena = {
    offsets: new Array<number>(slots.length).fill(0),
    sizes,
    first: Int32Array.from(slots, ({ first }) => first),
    last: Int32Array.from(slots, ({ last }) => last),
    placed: [],
  };
  const order = slots.map((_, i) => i).sort((a, b) => sizes[b]! - sizes[a]! || slots[a]!.first - slots[b]!.first);
  let arenaBytes = 0;
  for (const i of order) {
    const offset = tightestGap(arena, i);
    arena.offsets[i] = offset;
    arenaBytes = Math.max(arenaBytes, offset + sizes[i]!);
    insertByOffset(arena.placed, i, arena.offsets);
  }
  return { offsets: arena.offsets, arenaBytes };
}

interface Arena {
  readonly offsets: number[];
  readonly sizes: readonly number[];
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** Slots that have their place, by offset. */
  readonly placed: number[];
}

function tightestGap({ offsets, sizes, first, last, placed }: Arena, slot: number): number {
  const size = sizes[slot]!;
  const begin = first[slot]!;
  const end = last[slot]!;
  let best = -1;
  let bestGap = Number.POSITIVE_INFINITY;
  let free = 0;
  for (let k = 0; k < placed.length; k++) {
    const other = placed[k]!;
    if (first[other]! > end || last[other]! < begin) continue;
    const offset = offsets[other]!;
    const gap = offset - free;
    if (gap >= size && gap < bestGap) {
      best = free;
      bestGap = gap;
    }
    const after = offset + sizes[other]!;
    if (after > free) free = after;
  }
  return best < 0 ? free : best;
}

function insertByOffset(placed: number[], slot: number, offsets: readonly number[]): void {
  let low = 0;
  let high = placed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[placed[middle]!]! < offsets[slot]!) low = middle + 1;
    else high = middle;
  }
  placed.splice(low, 0, slot);
}

function finalStep(step: DraftStep, buffer: (storage: StorageId) => BufferIndex): Step[] {
  switch (step.kind) {
    case 'kernel':
      return [{ kind: 'kernel', kernel: step.kernel, buffers: step.storages.map(buffer) }];
    case 'library': {
      const { instruction, operandTypes, operands, results, epilogue } = step;
      const base = { kind: 'library', instruction, operandTypes } as const;
      const places = { operands: operands.map(buffer), results: results.map(buffer) };
      if (epilogue === undefined) return [{ ...base, ...places }];
      const { kernel, storages, rowElements } = epilogue;
      return [{ ...base, ...places, epilogue: { kernel, buffers: storages.map(buffer), rowElements: rowElements! } }];
    }
    case 'copy':
      return finalCopies([step], buffer);
    case 'control':
      return [step.finish(buffer)];
  }
}

export function finalCopies(copies: readonly DraftCopy[], buffer: (storage: StorageId) => BufferIndex): CopyStep[] {
  return copies
    .map(({ from, to, bytes }): CopyStep => ({ kind: 'copy', from: buffer(from), to: buffer(to), bytes }))
    .filter(({ from, to, bytes }) => from !== to && bytes > 0);
}
