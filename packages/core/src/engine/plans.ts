/**
 * From recorded nodes to executables without building a program that was built before.
 *
 * The nodes are written down as integers: operation ids and operand positions, then the outputs and the input types. Equal
 * integers mean the same program, so a loop that records the same ops again finds its executable at once.
 */

import type { AssembleOptions } from '../graph/assemble.js';
import { type Node, pending } from '../graph/node.js';
import { runtime } from '../runtime.js';
import type { CachedProgram } from './cache.js';

/** What one flush computes. */
export interface Recorded {
  readonly nodes: readonly Node[];
  readonly inputs: Node[];
  readonly outputs: Node[];
}

interface Plan {
  readonly signature: Int32Array;
  readonly entry: CachedProgram;
}

const planLimit = 2048;

export class Plans {
  #words: Int32Array = new Int32Array(1024);
  #length = 0;
  #hash = 0;
  #plans: Map<number, Plan[]> = new Map();
  #count = 0;

  /** Finds inputs and outputs, and takes down the signature. */
  encode(nodes: readonly Node[]): Recorded {
    const inputs: Node[] = [];
    const outputs: Node[] = [];
    const epoch = ++runtime().lastEpoch;
    let words = this.#words;
    let length = 0;
    let slots = 0;
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!;
      const operands = node.operands;
      if (length + operands.length + 2 > words.length) words = this.#grow(length + operands.length + 2);
      if (node.index >= 0) {
        node.slot = operands[0]!.slot + node.index;
      } else {
        words[length++] = node.operation!.id;
        words[length++] = operands.length;
        for (let j = 0; j < operands.length; j++) {
          const operand = operands[j]!;
          if (operand.epoch !== epoch) {
            operand.epoch = epoch;
            operand.slot = -1 - inputs.length;
            inputs.push(operand);
          }
          words[length++] = operand.slot;
        }
        node.slot = slots;
        slots += node.results.length;
      }
      node.epoch = epoch;
      if (isOutput(node)) outputs.push(node);
    }
    words = this.#grow(length + inputs.length + outputs.length + 2);
    words[length++] = -inputs.length;
    for (let i = 0; i < inputs.length; i++) words[length++] = inputs[i]!.type.id;
    words[length++] = -outputs.length;
    for (let i = 0; i < outputs.length; i++) words[length++] = outputs[i]!.slot;
    this.#length = length;
    this.#hash = hashWords(words, length);
    return { nodes, inputs, outputs };
  }

  /** The cache entry for what was encoded last; `make` builds it when it was never seen. */
  find(recorded: Recorded, make: (options: AssembleOptions) => CachedProgram): CachedProgram {
    const known = this.#plans.get(this.#hash);
    if (known !== undefined) {
      for (const plan of known) if (this.#matches(plan.signature)) return plan.entry;
    }
    const entry = make({ name: 'eager', ...recorded });
    if (++this.#count > planLimit) {
      this.#plans.clear();
      this.#count = 1;
    }
    const plan = { signature: this.#words.slice(0, this.#length), entry };
    const list = this.#plans.get(this.#hash);
    if (list === undefined) this.#plans.set(this.#hash, [plan]);
    else list.push(plan);
    return entry;
  }

  #grow(length: number): Int32Array {
    if (length > this.#words.length) {
      const larger = new Int32Array(Math.max(length, 2 * this.#words.length));
      larger.set(this.#words);
      this.#words = larger;
    }
    return this.#words;
  }

  #matches(signature: Int32Array): boolean {
    if (signature.length !== this.#length) return false;
    const words = this.#words;
    for (let i = 0; i < signature.length; i++) if (signature[i] !== words[i]) return false;
    return true;
  }
}

/** Asked for, or a sink: held by someone and consumed by nobody. */
function isOutput(node: Node): boolean {
  if (node.state !== pending) return false;
  return node.keep || node.owners > 0 || (node.uses === 0 && node.handles > 0);
}

function hashWords(words: Int32Array, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash;
}
