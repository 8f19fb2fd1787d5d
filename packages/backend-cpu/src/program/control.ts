/** The code of while and case: nested plans inside the outer one's. Late parts. */

import type { CaseStep, CopyStep, Plan, PlanCall, WhileStep } from '@ceratops/compiler';
import type { FunctionWriter } from '../wasm/function-writer.js';
import * as memoryOp from '../wasm/memory-op.js';
import * as op from '../wasm/op.js';
import { type ConstantOffset, type Place, pushPlace, resolve } from './addresses.js';

/** What a linker does for control flow. */
export interface ControlTarget {
  readonly f: FunctionWriter;
  /** Places of the outer plan's buffers. */
  readonly places: readonly Place[];
  constantsOf(plan: Plan): ConstantOffset;
  /** The steps of a nested plan, with the places of its buffers, which are taken to run `rounds` times. */
  steps(plan: Plan, places: readonly Place[], rounds: number): void;
  copy(step: CopyStep): void;
}

/** What a loop of unknown length is taken to run, for the decision to wake workers. */
const assumedRounds = 8;

export function emitControl(target: ControlTarget, step: WhileStep | CaseStep): void {
  if (step.kind === 'while') emitWhile(target, step);
  else emitCase(target, step);
}

function emitWhile(target: ControlTarget, { condition, predicate, body, copies }: WhileStep): void {
  const { f, places } = target;
  f.block();
  f.loop();
  emitCall(target, condition, assumedRounds);
  pushPlace(f, places[predicate]!);
  f.memory(memoryOp.i32Load8U);
  f.op(op.i32Eqz);
  f.branchIf(1);
  emitCall(target, body, assumedRounds);
  for (const copy of copies) target.copy(copy);
  f.branch(0);
  f.end();
  f.end();
}

/** Blocks in blocks, the branch table innermost: after the end of block i stands branch i. */
function emitCase(target: ControlTarget, { selector, branches }: CaseStep): void {
  const { f, places } = target;
  f.block();
  for (const _ of branches) f.block();
  pushPlace(f, places[selector]!);
  f.memory(memoryOp.i32Load);
  f.branchTable(
    branches.map((_, branch) => branch),
    branches.length - 1,
  );
  f.end();
  branches.forEach((branch, i) => {
    emitCall(target, branch, 1);
    f.branch(branches.length - 1 - i);
    f.end();
  });
}

function emitCall(target: ControlTarget, { plan, inputs, outputs, arena }: PlanCall, rounds: number): void {
  const { places } = target;
  const inner = resolve(plan, target.constantsOf(plan), {
    input: (index) => places[inputs[index]!]!,
    output: (index) => places[outputs[index]!]!,
    arena: places[arena]!,
  });
  target.steps(plan, inner, rounds);
}
