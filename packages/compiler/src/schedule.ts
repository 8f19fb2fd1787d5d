/**
 * The order of groups: producers first, close to the program's own order, except that a group that overwrites an input
 * runs as soon as it may: when all it needs is there and everyone else has read that input.
 */

import type { ValueId } from '@ceratops/kernel-registry';
import type { Fusion } from './fusion.js';

/** Group numbers in the order in which they run. */
export function schedule(fusion: Fusion): number[] {
  const { needs, readers } = dependencies(fusion);
  return withOverwritesEarly(depthFirst(fusion, needs), needs, overwrites(fusion, readers));
}

interface Dependencies {
  /** Per group, the groups whose results it reads. */
  readonly needs: readonly (readonly number[])[];
  /** Per program input, the groups that read it. */
  readonly readers: readonly (readonly number[])[];
}

export function dependencies({ graph, modes, groups, groupOf }: Fusion): Dependencies {
  const { inputs, instructions } = graph.program;
  const readers: number[][] = inputs.map(() => []);
  const seenBy = new Int32Array(graph.types.length).fill(-1);
  const needs = groups.map(({ members }, number) => {
    const found: number[] = [];
    const pending: ValueId[] = members.flatMap((member) => instructions[member]!.operands);
    for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
      if (seenBy[value] === number) continue;
      seenBy[value] = number;
      const definition = graph.definitions[value]!;
      if (definition < 0) readers[value]!.push(number);
      else if (groupOf[definition]! >= 0) {
        if (groupOf[definition] !== number) found.push(groupOf[definition]!);
      } else if (modes[definition] !== 'constant') pending.push(...instructions[definition]!.operands);
    }
    return found;
  });
  return { needs, readers };
}

function depthFirst({ groups }: Fusion, needs: Dependencies['needs']): number[] {
  const order: number[] = [];
  const state = new Uint8Array(groups.length);
  const byLastMember = groups.map((_, number) => number);
  byLastMember.sort((a, b) => groups[a]!.members.at(-1)! - groups[b]!.members.at(-1)!);
  const stack: number[] = [];
  for (const root of byLastMember) {
    stack.push(root);
    while (stack.length > 0) {
      const group = stack.at(-1)!;
      if (state[group] === 0) {
        state[group] = 1;
        for (const need of needs[group]!) if (state[need] === 0) stack.push(need);
        continue;
      }
      stack.pop();
      if (state[group] === 1) order.push(group);
      state[group] = 2;
    }
  }
  return order;
}

/** Groups that write an output which takes over an input, with the other readers of that input. */
function overwrites(fusion: Fusion, readers: Dependencies['readers']): Map<number, number[]> {
  const { graph, groupOf, rootOf } = fusion;
  const { inputs, outputs } = graph.program;
  const waits = new Map<number, number[]>();
  inputs.forEach(({ aliases }, input) => {
    if (aliases === undefined) return;
    const definition = graph.definitions[rootOf(outputs[aliases]!)]!;
    const writer = definition < 0 ? -1 : groupOf[definition]!;
    if (writer < 0) return;
    const others = readers[input]!.filter((reader) => reader !== writer);
    waits.set(writer, [...(waits.get(writer) ?? []), ...others]);
  });
  return waits;
}

function withOverwritesEarly(
  order: readonly number[],
  needs: Dependencies['needs'],
  overwriters: ReadonlyMap<number, readonly number[]>,
): number[] {
  if (overwriters.size === 0) return [...order];
  const done = new Uint8Array(order.length);
  const missing = new Int32Array(order.length);
  const waiting: number[][] = order.map(() => []);
  for (const [writer, others] of overwriters) {
    const all = new Set([...needs[writer]!, ...others]);
    missing[writer] = all.size;
    for (const group of all) waiting[group]!.push(writer);
  }
  const result: number[] = [];
  const run = (group: number): void => {
    if (done[group] === 1) return;
    done[group] = 1;
    // An overwriter that had to wait for a reader which needs its result: it runs now, and the alias is not taken.
    for (const need of needs[group]!) run(need);
    result.push(group);
    for (const writer of waiting[group]!) if (--missing[writer]! === 0) run(writer);
  };
  for (const group of order) if (missing[group] === 0) run(group);
  for (const group of order) run(group);
  return result;
}
