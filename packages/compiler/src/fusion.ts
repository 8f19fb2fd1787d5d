/**
 * Fusion: which values exist in memory, which are computed on the way, and which instructions share a kernel.
 *
 * Backwards, every instruction gets a mode. Forwards, members with the same shape that meet at the same element join
 * one group. A group has a level; every edge between groups leads to a higher level, because an edge that joins nothing
 * raises it, so groups never depend on each other in a circle.
 */

import {
  type AnyInstruction,
  byteSizeOf,
  dtypes,
  elementwiseOps,
  isSplat,
  type OpName,
  type Program,
  reducerKind,
  sameShape,
  type ValueId,
  viewOps,
} from '@ceratops/kernel-registry';
import { type Graph, graphOf, type OperandUse, operandUses } from './graph.js';
import { costOf } from './scalar-ops.js';

export type Mode =
  /** Nobody needs it. */
  | 'dead'
  /** Computed anew wherever it is used. */
  | 'inline'
  /** A member of a loop nest; stored only if someone outside needs it. */
  | 'member'
  /** A reduction, with what follows it at the same element. */
  | 'reduce'
  /** The same bytes as its operand. */
  | 'alias'
  /** Data known now. */
  | 'constant'
  /** A library step, or an op with a lowering of its own. */
  | 'special';

export interface Group {
  /** Instruction numbers in program order. */
  readonly members: number[];
  /** Those of `members` that are reductions. */
  readonly reductions: number[];
  /** Set when this group is one instruction of mode `special`. */
  readonly special: boolean;
  level: number;
}

export interface Fusion {
  readonly graph: Graph;
  readonly modes: readonly Mode[];
  readonly groups: readonly Group[];
  /** Per instruction, its group in `groups`; -1 where it has none. */
  readonly groupOf: Int32Array;
  /** Per instruction, 1 when it is a library step of the target. */
  readonly library: Uint8Array;
  /** Per value, 1 when it must be in memory. */
  readonly stored: Uint8Array;
  /** The value whose memory holds `value`: itself, or what it is an alias of. */
  rootOf(value: ValueId): ValueId;
}

const fusibleOps: ReadonlySet<OpName> = new Set<OpName>([
  ...elementwiseOps,
  ...viewOps,
  'constant',
  'iota',
  'pad',
  'gather',
  'dynamic_slice',
  'bitcast_convert',
]);

/** Cheap enough to be computed twice rather than stored and loaded. */
const cheapCost = 4;
/** A scalar that is computed once per item. */
const cheapScalarCost = 64;
const deepestTree = 200;
const largestGroup = 512;
const largestPooledSplat = 4096;

/** @param isLibrary whether instruction number i is a library step of the target. */
export function fuse(program: Program, isLibrary: (instruction: AnyInstruction, graph: Graph) => boolean): Fusion {
  const graph = graphOf(program);
  const modes = new ModeChooser(graph, isLibrary).choose();
  const { groups, groupOf } = new Grouping(graph, modes.modes).form();
  const rootOf = (value: ValueId): ValueId => {
    let root = value;
    for (;;) {
      const definition = graph.definitions[root]!;
      if (definition < 0 || modes.modes[definition] !== 'alias') return root;
      root = program.instructions[definition]!.operands[0]!;
    }
  };
  const fusion = {
    graph,
    modes: modes.modes,
    groups,
    groupOf,
    library: modes.library,
    stored: new Uint8Array(graph.types.length),
    rootOf,
  };
  markStored(fusion);
  return fusion;
}

/** Ops that no library is asked for: elementwise ops, views, data and control. */
const neverLibrary: ReadonlySet<OpName> = new Set<OpName>([
  'while',
  'case',
  'constant',
  'iota',
  'optimization_barrier',
]);

function mayBeLibrary(op: OpName): boolean {
  return !elementwiseOps.has(op) && !viewOps.has(op) && !neverLibrary.has(op);
}

class ModeChooser {
  readonly #graph: Graph;
  readonly library: Uint8Array;
  /** Scalar operations per element if all its producers were computed on the way. */
  readonly #treeCosts: Float64Array;
  readonly #treeDepths: Int32Array;
  /** 1 for instructions that are never inline because so much below them may be. */
  readonly #isCut: Uint8Array;
  readonly modes: Mode[];
  // Per value, filled in by its consumers, which come later in the program and so earlier here.
  readonly #needsBuffer: Uint8Array;
  readonly #used: Uint8Array;
  /** How often it would be computed if it were inline. */
  readonly #evaluations: Int32Array;
  /** 1 when some inline use computes it many times over. */
  readonly #repeated: Uint8Array;
  /** How many members take it at their own element. */
  readonly #joined: Int32Array;

  constructor(graph: Graph, isLibrary: (instruction: AnyInstruction, graph: Graph) => boolean) {
    const values = graph.types.length;
    const { instructions } = graph.program;
    this.#graph = graph;
    this.modes = new Array<Mode>(instructions.length).fill('dead');
    this.library = new Uint8Array(instructions.length);
    this.#treeCosts = new Float64Array(instructions.length);
    this.#treeDepths = new Int32Array(instructions.length);
    this.#isCut = new Uint8Array(instructions.length);
    this.#needsBuffer = new Uint8Array(values);
    this.#used = new Uint8Array(values);
    this.#evaluations = new Int32Array(values);
    this.#repeated = new Uint8Array(values);
    this.#joined = new Int32Array(values);
    instructions.forEach((instruction, i) => {
      if (mayBeLibrary(instruction.op) && isLibrary(instruction, graph)) this.library[i] = 1;
      this.#measureTree(instruction, i);
    });
  }

  #measureTree({ op, operands }: AnyInstruction, i: number): void {
    let cost = costOf(op);
    let depth = 0;
    for (const operand of operands) {
      const definition = this.#graph.definitions[operand]!;
      if (definition < 0 || !this.#isFusible(definition)) continue;
      cost += this.#treeCosts[definition]!;
      depth = Math.max(depth, this.#treeDepths[definition]! + 1);
    }
    // A tree this deep ends here: what is above starts anew from memory.
    this.#isCut[i] = depth >= deepestTree ? 1 : 0;
    this.#treeCosts[i] = this.#isCut[i] === 1 ? 0 : Math.min(cost, 1e6);
    this.#treeDepths[i] = this.#isCut[i] === 1 ? 0 : depth;
  }

  #isFusible(i: number): boolean {
    const instruction = this.#graph.program.instructions[i]!;
    if (this.library[i] === 1 || !fusibleOps.has(instruction.op)) return false;
    return instruction.op !== 'bitcast_convert' || !this.#changesWidth(instruction);
  }

  #changesWidth({ operands, results }: AnyInstruction): boolean {
    return dtypes[this.#graph.types[operands[0]!]!.dtype].bytes !== dtypes[results[0]!.dtype].bytes;
  }

  choose(): this {
    const { program } = this.#graph;
    for (const output of program.outputs) this.#wantBuffer(output);
    for (let i = program.instructions.length - 1; i >= 0; i--) {
      const instruction = program.instructions[i]!;
      const mode = this.#modeOf(instruction, i);
      this.modes[i] = mode;
      if (mode !== 'dead') this.#countUses(instruction, i, mode);
    }
    return this;
  }

  #wantBuffer(value: ValueId): void {
    this.#used[value] = 1;
    this.#needsBuffer[value] = 1;
  }

  #modeOf(instruction: AnyInstruction, i: number): Mode {
    const first = this.#graph.first[i]!;
    if (!instruction.results.some((_, r) => this.#used[first + r] === 1)) return 'dead';
    if (!this.#isFusible(i)) {
      if (this.library[i] === 1) return 'special';
      if (instruction.op === 'reduce') return 'reduce';
      return instruction.op === 'bitcast_convert' ? 'alias' : 'special';
    }
    if (instruction.op === 'constant') return this.#constantMode(instruction, first);
    if (this.#needsBuffer[first] === 1) return instruction.op === 'reshape' ? 'alias' : 'member';
    if (this.#isCut[i] === 1) return 'member';
    if (viewOps.has(instruction.op) || instruction.op === 'iota') return 'inline';
    return this.#mayInline(first, i) ? 'inline' : 'member';
  }

  #constantMode({ attributes, results }: AnyInstruction & { op: 'constant' }, value: ValueId): Mode {
    if (!isSplat(attributes.value)) return 'constant';
    if (this.#needsBuffer[value] === 0) return 'inline';
    return byteSizeOf(results[0]!) <= largestPooledSplat ? 'constant' : 'member';
  }

  #mayInline(value: ValueId, i: number): boolean {
    const evaluations = this.#evaluations[value]!;
    const cost = this.#treeCosts[i]!;
    if (evaluations === 0) return false;
    if (cost <= cheapCost && this.#treeDepths[i]! <= cheapCost) return true;
    if (evaluations > 1 || this.#joined[value]! > 0) return false;
    return this.#repeated[value] === 0 || (this.#graph.sizes[value] === 1 && cost <= cheapScalarCost);
  }

  #countUses(instruction: AnyInstruction, i: number, mode: Mode): void {
    const { op, operands } = instruction;
    const first = this.#graph.first[i]!;
    for (let position = 0; position < operands.length; position++) {
      const operand = operands[position]!;
      this.#used[operand] = 1;
      const use = this.#useOf(op, i, position, operands.length);
      if (use === 'buffer') {
        this.#needsBuffer[operand] = 1;
      } else if (use === 'joined') {
        this.#joined[operand]!++;
      } else {
        this.#evaluations[operand]! += mode === 'inline' ? this.#evaluations[first]! + this.#joined[first]! : 1;
        if ((mode === 'inline' && this.#repeated[first] === 1) || this.#repeats(instruction)) {
          this.#repeated[operand] = 1;
        }
      }
    }
  }

  #useOf(op: OpName, i: number, position: number, count: number): OperandUse | 'joined' {
    const mode = this.modes[i]!;
    if (mode === 'alias') return 'buffer';
    if (mode === 'special') {
      return this.library[i] === 1 ? 'buffer' : (operandUses[op]?.(position, count) ?? 'buffer');
    }
    return mode === 'member' && elementwiseOps.has(op) ? 'joined' : 'inline';
  }

  /** A broadcast whose innermost dimension is its operand's computes each of its elements again and again. */
  #repeats(instruction: AnyInstruction): boolean {
    if (instruction.op === 'gather') return true;
    if (instruction.op !== 'broadcast_in_dim') return false;
    const { shape, broadcastDimensions } = instruction.attributes;
    const operandShape = this.#graph.types[instruction.operands[0]!]!.shape;
    let innermost = shape.length - 1;
    while (innermost >= 0 && shape[innermost] === 1) innermost--;
    const axis = broadcastDimensions.indexOf(innermost);
    const keepsInnermost = axis >= 0 && operandShape[axis] === shape[innermost];
    const size = this.#graph.sizes[instruction.operands[0]!]!;
    const grows = instruction.results[0]!.shape.reduce((a, b) => a * b, 1) > size;
    return grows && (keepsInnermost || size === 1);
  }
}

interface GrowingGroup extends Group {
  /** The group that it was united with; itself when there is none. */
  parent: number;
  /** Whether some other group reads it, so that its level has to stay. */
  isRead: boolean;
}

class Grouping {
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
      isRead: false,
    });
  }

  /** Reductions of the same value over the same axes share their loops: mean and variance read it once. */
  #joinSiblings(instruction: AnyInstruction, i: number): void {
    const level = this.#levelAbove(instruction);
    const key = this.#siblingKey(instruction, level);
    const sibling = key === undefined ? undefined : this.#reductions.get(key);
    if (sibling === undefined || this.#groups[this.#find(sibling)]!.level !== level) {
      if (key !== undefined) this.#reductions.set(key, this.#groups.length);
      this.#found(i, level, 'reduce');
      return;
    }
    const group = this.#find(sibling);
    this.#groups[group]!.members.push(i);
    this.#groups[group]!.reductions.push(i);
    this.#groupOf[i] = group;
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
    this.#groupOf[i] = target;
  }

  #joinable(instruction: AnyInstruction, operand: ValueId): number {
    if (!elementwiseOps.has(instruction.op)) return -1;
    const definition = this.#graph.definitions[operand]!;
    if (definition < 0) return -1;
    const mode = this.#modes[definition];
    if (mode !== 'member' && mode !== 'reduce') return -1;
    if (!sameShape(this.#graph.types[operand]!.shape, instruction.results[0]!.shape)) return -1;
    return this.#find(this.#groupOf[definition]!);
  }

  #compatible(groups: readonly number[]): boolean {
    let members = 0;
    let reduction: AnyInstruction | undefined;
    for (const id of groups) {
      const group = this.#groups[id]!;
      members += group.members.length;
      const [own] = group.reductions;
      if (own === undefined) continue;
      const instruction = this.#graph.program.instructions[own]!;
      if (reduction !== undefined && !this.#sameReduction(reduction, instruction)) return false;
      reduction = instruction;
    }
    return members < largestGroup;
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

function markStored({ graph, modes, groupOf, stored, rootOf }: Fusion): void {
  const { instructions, outputs } = graph.program;
  const mark = (value: ValueId): void => {
    stored[rootOf(value)] = 1;
  };
  for (const output of outputs) mark(output);
  instructions.forEach(({ operands }, i) => {
    if (modes[i] === 'dead') return;
    for (const operand of operands) {
      const definition = graph.definitions[operand]!;
      if (definition < 0 || modes[definition] === 'inline') continue;
      if (groupOf[i] === -1 || groupOf[definition] !== groupOf[i]) mark(operand);
    }
  });
}
