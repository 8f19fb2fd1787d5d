/** Groups of members with one shape: a loop nest over it that computes all of them and stores what others need. */

import { cutSpace } from '../affine.js';
import type { Group } from '../grouping.js';
import { needed } from '../late-parts.js';
import { costOf } from '../scalar-ops.js';
import { boundariesBelow } from './boundaries.js';
import type { LoweringContext } from './context.js';
import { linear, openLoops } from './loops.js';

export function lowerMap(context: LoweringContext, group: Group, number: number): void {
  const { graph, stored } = context.fusion;
  const values = group.members.map((member) => graph.first[member]!);
  const size = graph.sizes[values[0]!]!;
  if (size === 0) return;
  const run = context.runs?.get(number);
  const boundaries = boundariesBelow(context.fusion, number, values);
  if (run) boundaries.add(size / run.rows);
  const space = cutSpace(size, boundaries);
  const cost = costOfMembers(context, group) + 1;
  const { epilogue, late } = context.target;
  const before = context.steps.at(-1);
  const rows = epilogue && before?.kind === 'library' && needed(late).cutByRows(before, space, cost);
  const { extents, blocks } = rows || { extents: space, blocks: context.blocks(number, space, cost) };
  context.kernel(nameOf(context, group), number, (emitter) => {
    openLoops(emitter.builder, extents, blocks, true, (coordinates) => {
      const index = linear(coordinates, extents);
      const operands = values.map((value) => emitter.value(value, index));
      values.forEach((value, i) => {
        if (stored[value] === 1) emitter.store(value, index, operands[i]!);
      });
    });
    return blocks;
  });
}

/** Scalar operations per element of a group's members, with what is computed on the way to them. */
export function costOfMembers(context: LoweringContext, { members }: Group): number {
  const { instructions } = context.fusion.graph.program;
  return members.reduce((cost, member) => {
    const { op, operands } = instructions[member]!;
    if (op === 'reduce') return cost;
    return operands.reduce((sum, operand) => sum + context.inlineCost(operand), cost + costOf(op));
  }, 0);
}

/** The ops of a group, the last ones first, as far as a name goes. */
export function nameOf({ fusion }: LoweringContext, { members }: Group): string {
  const ops = members.slice(-3).map((member) => fusion.graph.program.instructions[member]!.op);
  return members.length > 3 ? `${ops.join('_')}_and_${members.length - 3}` : ops.join('_');
}
