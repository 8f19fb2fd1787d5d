/** Backwards over a program: which values exist in memory, and which are computed where they are used. */

import {
  type AnyInstruction,
  byteSizeOf,
  dtypes,
  elementwiseOps,
  isSplat,
  type OpName,
  type ValueId,
  viewOps,
} from '@ceratops/kernel-registry';
import { type Graph, type OperandUse, operandUses } from './graph.js';
import { costOf, scalarOps } from './scalar-ops.js';

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

const fusibleOps: ReadonlySet<OpName> = new Set<OpName>([
  ...scalarOps,
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
const largestPooledSplat = 4096;

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

export class ModeChooser {
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
    return mode === 'member' && scalarOps.has(op) ? 'joined' : 'inline';
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
