/**
 * Fusion: which values exist in memory, which are computed on the way, and which instructions share a kernel.
 *
 * Backwards, every instruction gets a mode. Forwards, members with the same shape that meet at the same element join
 * one group. A group has a level; every edge between groups leads to a higher level, because an edge that joins nothing
 * raises it, so groups never depend on each other in a circle.
 */

import type { AnyInstruction, Program, ValueId } from '@ceratops/kernel-registry';
import { type Graph, graphOf } from './graph.js';
import { type Group, Grouping } from './grouping.js';
import { type Mode, ModeChooser } from './modes.js';

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
