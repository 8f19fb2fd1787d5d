/** Instructions with a lowering of their own: one row per op; library steps come first. */

import {
  type AnyInstruction,
  type Instruction,
  isComplex,
  type OpName,
  type Program,
  tensorType,
  type ValueId,
} from '@ceratops/kernel-registry';
import type { Plan } from '../plan.js';
import type { LoweringContext } from './context.js';
import { lowerConvolution, lowerDotGeneral } from './contraction.js';
import { lowerCase, lowerWhile } from './control.js';
import { withoutLowering } from './elementwise.js';
import { lowerConcatenate, lowerDynamicUpdateSlice, seed } from './regions.js';
import { lowerScatter } from './scatter.js';
import { lowerSelectAndScatter } from './select-and-scatter.js';
import { lowerSort } from './sort.js';
import { lowerReduceWindow } from './window.js';

export type CompileNested = (program: Program) => Plan;

type Lowering<O extends OpName> = (
  context: LoweringContext,
  instruction: Instruction<O>,
  first: ValueId,
  compile: CompileNested,
) => void;

const lowerings: { readonly [O in OpName]?: Lowering<O> } = {
  concatenate: lowerConcatenate,
  dynamic_update_slice: lowerDynamicUpdateSlice,
  scatter: lowerScatter,
  reduce_window: lowerReduceWindow,
  select_and_scatter: lowerSelectAndScatter,
  sort: lowerSort,
  dot_general: lowerDotGeneral,
  convolution: lowerConvolution,
  while: lowerWhile,
  case: lowerCase,
  optimization_barrier: (context, { operands }, first) => {
    operands.forEach((operand, i) => {
      seed(context, operand, context.storageOf(first + i));
    });
  },
};

/** Lowers instruction number `i` of mode `special`. */
export function lowerSpecial(context: LoweringContext, i: number, compile: CompileNested): void {
  const { graph } = context.fusion;
  const instruction = graph.program.instructions[i]!;
  const first = graph.first[i]!;
  if (context.fusion.library[i] === 1) {
    lowerLibrary(context, instruction, first);
    return;
  }
  const lowering = lowerings[instruction.op] as Lowering<OpName> | undefined;
  if (lowering === undefined) throw withoutLowering(instruction.op, `for ${context.target.name}`);
  const complex = instruction.results.find(({ dtype }) => isComplex(dtype));
  if (complex !== undefined) throw withoutLowering(instruction.op, `for ${complex.dtype} on ${context.target.name}`);
  lowering(context, instruction as never, first, compile);
}

function lowerLibrary(context: LoweringContext, instruction: AnyInstruction, first: ValueId): void {
  const { types } = context.fusion.graph;
  context.steps.push({
    kind: 'library',
    instruction,
    operandTypes: instruction.operands.map((id) => tensorType(types[id]!.dtype, types[id]!.shape)),
    operands: instruction.operands.map(context.storageOf),
    results: instruction.results.map((_, r) => context.storageOf(first + r)),
  });
}
