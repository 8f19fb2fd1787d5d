/**
 * Eager code that never repeats a program repeats its loops: groups that look the same become the same kernel, so the kernel of
 * one is kept for the next, in whatever program. A late part.
 */

import type { TensorType, ValueId } from '@ceratops/kernel-registry';
import type { Group } from '../grouping.js';
import type { StorageId } from '../kernel-builder.js';
import type { LoopKernel } from '../loop-ir.js';
import type { KernelStep } from '../plan.js';
import type { BufferOf, DraftKernel } from '../storage.js';
import type { LoweringContext } from './context.js';
import { lowerGroup } from './group.js';

/** Longer groups hardly look the same as others. */
const mostMembers = 8;
/** With what is computed on the way. */
const mostInstructions = 32;

/** A kernel whose storages are numbers of places in a signature. */
interface Known {
  readonly kernel: LoopKernel;
  readonly storages: readonly number[];
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  readonly inPlace: readonly (readonly [number, number])[];
  readonly rowElements: number | undefined;
  readonly isRun: boolean;
}

/** Kernels of groups that were lowered for one target. */
export class LoweredGroups {
  readonly kernels: Map<string, Known | null> = new Map();
  readonly limit: number;

  constructor(limit = 1024) {
    this.limit = limit;
  }
}

/** Adds the steps of a group, as those of one that looked the same where there was one. */
export function recallGroup(context: LoweringContext, group: Group, number: number): void {
  const { lowered } = context.target;
  const signature = lowered && signatureOf(context, group, number);
  if (lowered === undefined || signature === undefined) {
    lowerGroup(context, group, number);
    return;
  }
  const { text, places } = signature;
  const known = lowered.kernels.get(text);
  if (known) {
    context.steps.push(recalled(known, places, context, number));
    return;
  }
  const before = context.steps.length;
  lowerGroup(context, group, number);
  if (known === null) return;
  const [step, ...others] = context.steps.slice(before);
  if (lowered.kernels.size >= lowered.limit) lowered.kernels.clear();
  const alone = step?.kind === 'kernel' && others.length === 0;
  lowered.kernels.set(text, alone ? placed(step, places, context) : null);
}

/** Undefined for a group that is not worth it, and where the text would not say all. */
function signatureOf(context: LoweringContext, group: Group, number: number): Signature | undefined {
  if (group.members.length > mostMembers) return undefined;
  // Elementwise work may be cut for the product before it.
  if (context.steps.at(-1)?.kind === 'library') return undefined;
  const signature = new Signature(context, group, number);
  return signature.isWhole ? signature : undefined;
}

function recalled(known: Known, places: readonly ValueId[], context: LoweringContext, number: number): DraftKernel {
  const { kernel, rowElements, isRun } = known;
  // In the order in which the kernel came upon them, so that new storages get the numbers that they had got.
  const byPlace: StorageId[] = [];
  for (const place of known.storages) byPlace[place] = context.storageOf(places[place]!);
  const storages = (list: readonly number[]): StorageId[] => list.map((place) => byPlace[place]!);
  const own = storages(known.storages);
  return {
    kind: 'kernel',
    reads: storages(known.reads),
    writes: storages(known.writes),
    inPlace: known.inPlace.map(([from, to]) => [byPlace[from]!, byPlace[to]!] as const),
    rowElements,
    run: isRun ? context.runs!.get(number) : undefined,
    finish: (buffer: BufferOf): KernelStep => ({ kind: 'kernel', kernel, buffers: own.map(buffer) }),
  };
}

/** Null where it has storages that no place of the signature names. */
function placed(step: DraftKernel, places: readonly ValueId[], context: LoweringContext): Known | null {
  const placeOf = new Map<StorageId, number>();
  places.forEach((value, place) => {
    if (context.isPlaced(value)) placeOf.set(context.storageOf(value), place);
  });
  const { kernel, buffers: storages } = step.finish((storage) => storage);
  if (!storages.every((storage) => placeOf.has(storage))) return null;
  const numbers = (list: readonly StorageId[]): number[] => list.map((storage) => placeOf.get(storage)!);
  return {
    kernel,
    storages: numbers(storages),
    reads: numbers(step.reads),
    writes: numbers(step.writes),
    inPlace: step.inPlace.map(([from, to]) => [placeOf.get(from)!, placeOf.get(to)!] as const),
    rowElements: step.rowElements,
    isRun: step.run !== undefined,
  };
}

/** All that the kernel of a group depends on: what it computes, and which of its values share memory. */
class Signature {
  text: string;
  /** Values in memory, by place. */
  readonly places: ValueId[] = [];
  /** Whether the text says all. */
  isWhole = true;
  readonly #context: LoweringContext;
  readonly #group: number;
  readonly #instructions = new Map<number, number>();
  readonly #storages = new Map<number, number>();

  constructor(context: LoweringContext, group: Group, number: number) {
    this.#context = context;
    this.#group = number;
    this.text = `${context.runs?.get(number)?.rows}`;
    for (const member of group.members) this.#instruction(member);
    this.text += ':';
    for (const member of group.members) this.text += `${this.#instructions.get(member)} `;
  }

  #instruction(number: number): void {
    if (this.#instructions.has(number)) return;
    if (this.#instructions.size >= mostInstructions) {
      this.isWhole = false;
      return;
    }
    const { graph, modes, stored } = this.#context.fusion;
    const { op, operands, attributes, results } = graph.program.instructions[number]!;
    let text = `;${op} ${attributesText(attributes) ?? this.#incomplete()} ${modes[number]}`;
    for (const operand of operands) text += ` ${this.#operand(operand)}`;
    for (let r = 0; r < results.length; r++) {
      text += ` ${typeText(results[r]!)}`;
      const value = graph.first[number]! + r;
      if (modes[number] !== 'inline' && stored[value] === 1) text += `=${this.#place(value)}`;
    }
    this.#instructions.set(number, this.#instructions.size);
    this.text += text;
  }

  #operand(value: ValueId): string {
    const { graph, modes, groupOf } = this.#context.fusion;
    const definition = graph.definitions[value]!;
    if (definition >= 0 && (modes[definition] === 'inline' || groupOf[definition] === this.#group)) {
      this.#instruction(definition);
      return `${this.#instructions.get(definition)}.${value - graph.first[definition]!}`;
    }
    return `@${this.#place(value)}${typeText(graph.types[value]!)}`;
  }

  #place(value: ValueId): number {
    const root = this.#context.fusion.rootOf(value);
    const storage = this.#context.isPlaced(root) ? this.#context.storageOf(root) : -1 - root;
    let place = this.#storages.get(storage);
    if (place === undefined) {
      this.#storages.set(storage, (place = this.places.length));
      this.places.push(root);
    }
    return place;
  }

  #incomplete(): string {
    this.isWhole = false;
    return '';
  }
}

const typeTexts = new WeakMap<TensorType, string>();

function typeText(type: TensorType): string {
  let text = typeTexts.get(type);
  if (text === undefined) typeTexts.set(type, (text = `${type.dtype}[${type.shape}]`));
  return text;
}

const attributeTexts = new WeakMap<object, string>();
const longestText = 512;

/** Undefined for what would be long. */
function attributesText(attributes: object): string | undefined {
  let text = attributeTexts.get(attributes);
  if (text === undefined) attributeTexts.set(attributes, (text = valueText(attributes)));
  return text.length > longestText ? undefined : text;
}

function valueText(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : `${value}`;
  if (ArrayBuffer.isView(value)) {
    if (value.byteLength > longestText) return ' '.repeat(longestText + 1);
    return `${value.constructor.name}(${new Uint8Array(value.buffer, value.byteOffset, value.byteLength)})`;
  }
  let text = Array.isArray(value) ? '[' : '{';
  for (const name in value) {
    const field = (value as Record<string, unknown>)[name];
    // Names of programs are labels.
    if (field !== undefined && !(name === 'name' && 'instructions' in value)) text += `${name}:${valueText(field)},`;
    if (text.length > longestText) return text;
  }
  return `${text}}`;
}
