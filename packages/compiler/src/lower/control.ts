/** while and case: nested plans over the outer plan's buffers. Late parts. */

import { type Instruction, type Program, sizeOf, type ValueId } from '@ceratops/kernel-registry';
import type { StorageId } from '../kernel-builder.js';
import type { CaseStep, Plan, PlanCall, WhileStep } from '../plan.js';
import { type BufferOf, draftCopy } from '../storage.js';
import type { LoweringContext } from './context.js';
import { overwrittenCarries } from './overwritten.js';
import { seed } from './regions.js';
import type { CompileNested } from './special.js';

export function lowerWhile(
  context: LoweringContext,
  loop: Instruction<'while'>,
  first: ValueId,
  compile: CompileNested,
): void {
  const { operands, attributes, results } = loop;
  const condition = compile(attributes.condition);
  const body = compile(inPlace(attributes.body));
  const isUpdated = (carry: number): boolean =>
    body.aliases.some(({ input, output }) => input === carry && output === carry);
  const overwritten = overwrittenCarries(context.fusion.graph, loop);
  const carries = operands.map((operand, i) => {
    // What the body hands on as it is can stay where it is.
    if (attributes.body.outputs[i] === i && !context.isComputed(operand) && !context.isPlaced(first + i)) {
      const carry = context.storageOf(operand);
      context.place(context.fusion.rootOf(first + i), carry);
      return carry;
    }
    const carry = context.storageOf(first + i);
    if (!(overwritten[i] && isUpdated(i))) seed(context, operand, carry);
    return carry;
  });
  const predicate = context.scratch('bool', 1);
  // A carry whose alias was taken is updated where it is; the others get a place for their next value.
  const next = carries.map((carry, i) => {
    const { dtype, shape } = results[i]!;
    return isUpdated(i) ? carry : context.scratch(dtype, sizeOf(shape));
  });
  const copies = carries.flatMap((to, i) =>
    next[i] === to ? [] : draftCopy(next[i]!, to, context.storages[to]!.bytes),
  );
  const calls: DraftCall[] = [
    { plan: condition, inputs: carries, outputs: [predicate] },
    { plan: body, inputs: carries, outputs: next },
  ];
  pushControl(context, calls, { reads: [], writes: [predicate] }, (buffer, [test, round]) => ({
    kind: 'while',
    condition: test!,
    predicate: buffer(predicate),
    body: round!,
    copies: copies.flatMap(({ finish }) => finish(buffer) ?? []),
  }));
}

export function lowerCase(
  context: LoweringContext,
  { operands, attributes, results }: Instruction<'case'>,
  first: ValueId,
  compile: CompileNested,
): void {
  const [selector, ...inputs] = operands.map(context.storageOf) as [StorageId, ...StorageId[]];
  const outputs = results.map((_, i) => context.storageOf(first + i));
  const calls = attributes.branches.map((branch) => ({ plan: compile(withoutAliases(branch)), inputs, outputs }));
  pushControl(context, calls, { reads: [selector], writes: [] }, (buffer, branches) => ({
    kind: 'case',
    selector: buffer(selector),
    branches,
  }));
}

interface DraftCall {
  readonly plan: Plan;
  readonly inputs: readonly StorageId[];
  readonly outputs: readonly StorageId[];
}

/** Adds a step that makes `calls`, one at a time and so in one arena, with its `own` accesses beside theirs. */
function pushControl(
  context: LoweringContext,
  calls: readonly DraftCall[],
  own: { readonly reads: readonly StorageId[]; readonly writes: readonly StorageId[] },
  finish: (buffer: BufferOf, calls: readonly PlanCall[]) => WhileStep | CaseStep,
): void {
  const arena = context.scratch('uint8', Math.max(...calls.map(({ plan }) => plan.arenaBytes)));
  const reads = [...own.reads, ...calls.flatMap(({ inputs }) => inputs)];
  const writes = [...calls.flatMap(({ outputs }) => outputs), arena, ...own.writes];
  context.steps.push({
    ...{ kind: 'control', reads, writes, inPlace: [] },
    finish: (buffer) => {
      const final = calls.map(({ plan, inputs, outputs }) => ({
        ...{ plan, inputs: inputs.map(buffer), outputs: outputs.map(buffer), arena: buffer(arena) },
      }));
      return finish(buffer, final);
    },
  });
}

/** Every carry may be overwritten by its next value. */
function inPlace(body: Program): Program {
  return { ...body, inputs: body.inputs.map(({ type }, aliases) => ({ type, aliases })) };
}

function withoutAliases(branch: Program): Program {
  return { ...branch, inputs: branch.inputs.map(({ type }) => ({ type })) };
}
