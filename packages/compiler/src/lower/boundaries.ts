/** Where the loops over a value must be cut so that the views below it see their dimensions without dividing. */

import { type ValueId, viewOps } from '@ceratops/kernel-registry';
import type { Fusion } from '../fusion.js';
import { scalarOps } from '../scalar-ops.js';
import { boundariesOf, viewOf } from './view.js';

/**
 * The cuts in the row-major space of `values` (all of one size) that computing their elements in group `group` asks
 * for: products of trailing extents.
 */
export function boundariesBelow(fusion: Fusion, group: number, values: readonly ValueId[]): Set<number> {
  const collector = new Collector(fusion, group);
  for (const value of values) collector.visit(value);
  return collector.boundaries;
}

class Collector {
  readonly #fusion: Fusion;
  readonly #group: number;
  readonly boundaries = new Set<number>();
  readonly #seen = new Set<ValueId>();

  constructor(fusion: Fusion, group: number) {
    this.#fusion = fusion;
    this.#group = group;
  }

  visit(value: ValueId): void {
    if (!this.#isComputed(value) || this.#seen.has(value)) return;
    this.#seen.add(value);
    const { graph } = this.#fusion;
    const instruction = graph.instructionOf(value)!;
    const { op, operands } = instruction;
    if (scalarOps.has(op) || op === 'reshape' || op === 'bitcast_convert') {
      for (const operand of operands) if (graph.sizes[operand] === graph.sizes[value]) this.visit(operand);
      return;
    }
    if (op === 'constant') return;
    if (op === 'iota') {
      const { type, dimension } = instruction.attributes;
      const inner = boundariesOf(type.shape.slice(dimension));
      this.#add([...inner.slice(-1), ...inner.slice(-2, -1)]);
      return;
    }
    const operand = operands[0]!;
    const simple = viewOps.has(op) && !this.#hasViews(operand);
    const shape = instruction.results[0]!.shape;
    this.#add(boundariesOf(simple ? viewOf(instruction, graph.types[operand]!.shape).dimensions : shape));
  }

  #add(boundaries: readonly number[]): void {
    for (const boundary of boundaries) this.boundaries.add(boundary);
  }

  #isComputed(value: ValueId): boolean {
    const { graph, modes, groupOf } = this.#fusion;
    const definition = graph.definitions[value]!;
    if (definition < 0) return false;
    return modes[definition] === 'inline' || (modes[definition] === 'member' && groupOf[definition] === this.#group);
  }

  /** Whether anything but elementwise ops and reshapes is computed below `value`. */
  #hasViews(value: ValueId): boolean {
    if (!this.#isComputed(value)) return false;
    const { op, operands } = this.#fusion.graph.instructionOf(value)!;
    if (op === 'constant') return false;
    if (!scalarOps.has(op) && op !== 'reshape') return true;
    return operands.some((operand) => this.#hasViews(operand));
  }
}
