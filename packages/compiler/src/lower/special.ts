/** Instructions with a lowering of their own: one row per op, here or among the late parts; library steps come first. */

import {
  type AnyInstruction,
  type Instruction,
  isComplex,
  type OpName,
  type Program,
  tensorType,
  type ValueId,
} from '@ceratops/kernel-registry';
import { needed } from '../late-parts.js';
import type { Plan } from '../plan.js';
import type { LoweringContext } from './context.js';
import { lowerDotGeneral } from './dot-general.js';
import { withoutLowering } from './elementwise.js';
import { lowerSelectAndScatter } from './select-and-scatter.js';
import { lowerReduceWindow } from './window.js';

export type CompileNested = (program: Program) => Plan;

type Lowering<O extends OpName> = (
  context: LoweringContext,
  instruction: Instruction<O>,
  first: ValueId,
  compile: CompileNested,
) => void;

export type Lowerings<O extends OpName> = { readonly [P in O]: Lowering<P> };

const lowerings: Lowerings<'dot_general' | 'reduce_window' | 'select_and_scatter'> = {
  dot_general: lowerDotGeneral,
  reduce_window: lowerReduceWindow,
  select_and_scatter: lowerSelectAndScatter,
};

type Table = { readonly [O in OpName]?: Lowering<OpName> };

/** Lowers instruction number `i` of mode `special`. */
export function lowerSpecial(context: LoweringContext, i: number, compile: CompileNested): void {
  const { graph } = context.fusion;
  const instruction = graph.program.instructions[i]!;
  const first = graph.first[i]!;
  if (context.fusion.library[i] === 1) {
    lowerLibrary(context, instruction, first);
    return;
  }
  const { op } = instruction;
  const lowering = (lowerings as Table)[op] ?? (needed(context.target.late).lowerings as Table)[op];
  if (lowering === undefined) throw withoutLowering(instruction.op, `for ${context.target.name}`);
  const complex = instruction.results.find(({ dtype }) => isComplex(dtype));
  if (complex !== undefined) throw withoutLowering(instruction.op, `for ${complex.dtype} on ${context.target.name}`);
  lowering(context, instruction as never, first, compile);
}

function lowerLibrary(context: LoweringContext, instruction: AnyInstruction, first: ValueId): void {
  const { types } = context.fusion.graph;
  const { op, attributes, results } = instruction;
  const operandTypes = instruction.operands.map((id) => tensorType(types[id]!.dtype, types[id]!.shape));
  const reads = instruction.operands.map(context.storageOf);
  const writes = results.map((_, r) => context.storageOf(first + r));
  context.steps.push({
    ...{ kind: 'library', query: { op, operands: operandTypes, results, attributes }, hasEpilogue: false },
    ...{ reads, writes, inPlace: [] },
    finish: (buffer) => ({
      ...{ kind: 'library', instruction, operandTypes },
      ...{ operands: reads.map(buffer), results: writes.map(buffer) },
    }),
  });
}
