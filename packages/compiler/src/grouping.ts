/** Forwards over a program: which members share a loop nest. The levels of fusion.ts are kept here. */

import { type AnyInstruction, reducerKind, sameShape, type ValueId } from '@ceratops/kernel-registry';
import type { Graph } from './graph.js';
import type { Mode } from './modes.js';
import { scalarOps } from './scalar-ops.js';

export interface Group {
  /** Instruction numbers in program order. */
  readonly members: number[];
  /** Those of `members` that are reductions. */
  readonly reductions: number[];
  /** Set when this group is one instruction of mode `special`. */
  readonly special: boolean;
  level: number;
}

/** Buffers that one group may take at most: V8 takes 1,000 parameters of a function. */
const mostBuffers = 900;
/** Reductions that share their loops, each of an expression of its own. */
const mostSiblings = 32;

interface GrowingGroup extends Group {
  /** The group that it was united with; itself when there is none. */
  parent: number;
  /** At least the number of its operands and results. */
  buffers: number;
  /** Whether some other group reads it, so that its level has to stay. */
  isRead: boolean;
}

export class Grouping {
  readonly #graph: Graph;
  readonly #modes: readonly Mode[];
  readonly #levels: Int32Array;
  readonly #groupOf: Int32Array;
  readonly #groups: GrowingGroup[] = [];
  /** The first group of reductions with a key, see #siblingKey. */
  readonly #reductions = new Map<string, number>();

  constructor(graph: Graph, modes: readonly Mode[]) {
    const count = graph.program.instructions.length;
    this.#graph = graph;
    this.#modes = modes;
    this.#levels = new Int32Array(count);
    this.#groupOf = new Int32Array(count).fill(-1);
  }

  form(): { groups: Group[]; groupOf: Int32Array } {
    this.#graph.program.instructions.forEach((instruction, i) => {
      const mode = this.#modes[i]!;
      if (mode === 'member') this.#join(instruction, i);
      else if (mode === 'reduce') this.#joinSiblings(instruction, i);
      else if (mode === 'special') this.#found(i, this.#levelAbove(instruction), mode);
      else if (mode === 'inline' || mode === 'alias') this.#levels[i] = this.#levelAbove(instruction);
    });
    return this.#collect();
  }

  #found(i: number, level: number, mode: Mode): void {
    this.#groupOf[i] = this.#groups.length;
    this.#groups.push({
      members: [i],
      reductions: mode === 'reduce' ? [i] : [],
      special: mode === 'special',
      level,
      parent: this.#groups.length,
      buffers: this.#graph.program.instructions[i]!.operands.length + 1,
      isRead: false,
    });
  }

  /** Reductions of the same value over the same axes share their loops: mean and variance read it once. */
  #joinSiblings(instruction: AnyInstruction, i: number): void {
    const level = this.#levelAbove(instruction);
    const key = this.#siblingKey(instruction, level) ?? `${i}`;
    const first = this.#reductions.get(key);
    const sibling = first === undefined ? -1 : this.#find(first);
    const group = this.#groups[sibling];
    if (group?.level !== level || group.reductions.length >= mostSiblings) {
      this.#reductions.set(key, this.#groups.length);
      this.#found(i, level, 'reduce');
      return;
    }
    group.members.push(i);
    group.reductions.push(i);
    this.#groupOf[i] = sibling;
  }

  #siblingKey(instruction: AnyInstruction, level: number): string | undefined {
    if (instruction.op !== 'reduce' || reducerKind(instruction.attributes.body) === undefined) return undefined;
    let leaf = instruction.operands[0]!;
    for (;;) {
      const definition = this.#graph.definitions[leaf]!;
      if (definition < 0 || this.#modes[definition] !== 'inline') break;
      const [operand] = this.#graph.program.instructions[definition]!.operands;
      if (operand === undefined) return undefined;
      leaf = operand;
    }
    const { shape } = this.#graph.types[instruction.operands[0]!]!;
    return `${level} ${leaf} ${shape} ${instruction.attributes.dimensions}`;
  }

  #find(group: number): number {
    let root = group;
    while (this.#groups[root]!.parent !== root) root = this.#groups[root]!.parent;
    while (this.#groups[group]!.parent !== root) {
      const next = this.#groups[group]!.parent;
      this.#groups[group]!.parent = root;
      group = next;
    }
    return root;
  }

  /** The level that a reader of `value` has at least when it does not join the value's group. */
  #edgeLevel(value: ValueId): number {
    const definition = this.#graph.definitions[value]!;
    if (definition < 0) return 0;
    if (this.#groupOf[definition]! < 0) return this.#levels[definition]!;
    const group = this.#groups[this.#find(this.#groupOf[definition]!)]!;
    group.isRead = true;
    return group.level + 1;
  }

  #levelAbove({ operands }: AnyInstruction): number {
    let level = 0;
    for (const operand of operands) level = Math.max(level, this.#edgeLevel(operand));
    return level;
  }

  #join(instruction: AnyInstruction, i: number): void {
    const candidates = new Set<number>();
    let level = 0;
    for (const operand of instruction.operands) {
      const group = this.#joinable(instruction, operand);
      if (group < 0) level = Math.max(level, this.#edgeLevel(operand));
      else candidates.add(group);
    }
    for (const group of candidates) level = Math.max(level, this.#groups[group]!.level);
    // A group that nobody reads yet may move up: nothing depends on where it is.
    const movable = [...candidates].filter((id) => this.#groups[id]!.level === level || !this.#groups[id]!.isRead);
    const together = this.#compatible(movable) ? movable : [];
    for (const group of candidates) {
      if (together.includes(group)) continue;
      this.#groups[group]!.isRead = true;
      level = Math.max(level, this.#groups[group]!.level + 1);
    }
    const [target, ...others] = together;
    if (target === undefined || together.some((id) => this.#groups[id]!.isRead && this.#groups[id]!.level < level)) {
      for (const group of together) this.#groups[group]!.isRead = true;
      const above = together.map((group) => this.#groups[group]!.level + 1);
      this.#found(i, Math.max(level, ...above), 'member');
      return;
    }
    for (const other of others) this.#unite(target, other);
    this.#groups[target]!.level = level;
    this.#groups[target]!.members.push(i);
    // One operand is the group's own, in its place is the result.
    this.#groups[target]!.buffers += instruction.operands.length;
    this.#groupOf[i] = target;
  }

  #joinable(instruction: AnyInstruction, operand: ValueId): number {
    if (!scalarOps.has(instruction.op)) return -1;
    const definition = this.#graph.definitions[operand]!;
    if (definition < 0) return -1;
    const mode = this.#modes[definition];
    if (mode !== 'member' && mode !== 'reduce') return -1;
    if (!sameShape(this.#graph.types[operand]!.shape, instruction.results[0]!.shape)) return -1;
    return this.#find(this.#groupOf[definition]!);
  }

  #compatible(groups: readonly number[]): boolean {
    let buffers = 0;
    let reduction: AnyInstruction | undefined;
    for (const id of groups) {
      const group = this.#groups[id]!;
      buffers += group.buffers;
      const [own] = group.reductions;
      if (own === undefined) continue;
      const instruction = this.#graph.program.instructions[own]!;
      if (reduction !== undefined && !this.#sameReduction(reduction, instruction)) return false;
      reduction = instruction;
    }
    return buffers < mostBuffers;
  }

  #sameReduction(a: AnyInstruction, b: AnyInstruction): boolean {
    if (a.op !== 'reduce' || b.op !== 'reduce') return false;
    const shapeOf = ({ operands }: AnyInstruction) => this.#graph.types[operands[0]!]!.shape;
    return sameShape(shapeOf(a), shapeOf(b)) && sameShape(a.attributes.dimensions, b.attributes.dimensions);
  }

  #unite(target: number, other: number): void {
    const into = this.#groups[target]!;
    const from = this.#groups[other]!;
    from.parent = target;
    into.isRead ||= from.isRead;
    into.buffers += from.buffers;
    for (const member of from.members) into.members.push(member);
    into.reductions.push(...from.reductions);
  }

  #collect(): { groups: Group[]; groupOf: Int32Array } {
    const groups: Group[] = [];
    const position = new Int32Array(this.#groups.length).fill(-1);
    const groupOf = this.#groupOf.map((group) => {
      if (group < 0) return -1;
      const root = this.#find(group);
      if (position[root] === -1) {
        position[root] = groups.length;
        const { members, reductions, special, level } = this.#groups[root]!;
        members.sort((a, b) => a - b);
        reductions.sort((a, b) => a - b);
        groups.push({ members, reductions, special, level });
      }
      return position[root]!;
    });
    return { groups, groupOf };
  }
}
