/** From nodes to a Program: dead code dropped, values numbered, floating constants placed before their first use. */
import type { AnyInstruction, Program, ProgramInput } from '@ceratops/kernel-registry';
import { runtime } from '../runtime.js';
import { floating, type Node } from './node.js';

export interface AssembleOptions {
  readonly name: string;
  readonly inputs: readonly Node[];
  readonly outputs: readonly Node[];
  /** In an order in which operands come first; may hold more than is needed. */
  readonly nodes: readonly Node[];
  /** Per input, the output that may take its storage. */
  readonly aliases?: readonly (number | undefined)[] | undefined;
}

export function assemble({ name, inputs, outputs, nodes, aliases }: AssembleOptions): Program {
  const needed = markNeeded(outputs);
  const numbering = new Numbering(inputs);
  for (const node of nodes) if (node.epoch === needed) numbering.place(node);
  const programInputs = inputs.map(({ type }, i): ProgramInput => {
    const alias = aliases?.[i];
    return alias === undefined ? { type } : { type, aliases: alias };
  });
  // Outputs first: they may be floating, which adds an instruction.
  const outputIds = outputs.map((node) => numbering.idOf(node));
  return { name, inputs: programInputs, instructions: numbering.instructions, outputs: outputIds };
}

/** Marks what the outputs need with a fresh epoch and returns it. */
function markNeeded(outputs: readonly Node[]): number {
  const epoch = ++runtime().lastEpoch;
  const stack = [...outputs];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.epoch === epoch) continue;
    node.epoch = epoch;
    for (const operand of node.operands) stack.push(operand);
  }
  return epoch;
}

class Numbering {
  readonly instructions: AnyInstruction[] = [];
  readonly #epoch: number = ++runtime().lastEpoch;
  #next = 0;

  constructor(inputs: readonly Node[]) {
    for (const input of inputs) this.#give(input, 1);
  }

  /** Gives a node its value ids, with an instruction where it is one. */
  place(node: Node): void {
    if (node.epoch === this.#epoch) return;
    if (node.index >= 0) {
      const parent = node.operands[0]!;
      this.idOf(parent);
      node.epoch = this.#epoch;
      node.slot = parent.slot + node.index;
      return;
    }
    if (node.operation === null) return;
    const { op, attributes } = node.operation;
    const operands = node.operands.map((operand) => this.idOf(operand));
    this.instructions.push({ op, operands, attributes, results: node.results } as AnyInstruction);
    this.#give(node, node.results.length);
  }

  idOf(node: Node): number {
    if (node.epoch !== this.#epoch) {
      if (node.state !== floating && node.operation === null && node.index < 0) {
        throw new Error(`nothing computes node ${node.id}`);
      }
      this.place(node);
    }
    return node.slot;
  }

  #give(node: Node, count: number): void {
    node.epoch = this.#epoch;
    node.slot = this.#next;
    this.#next += count;
  }
}
