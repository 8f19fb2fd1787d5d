/** while and case: nested plans over the outer plan's buffers. */

import { type Instruction, type Program, sizeOf, type ValueId } from '@ceratops/kernel-registry';
import type { StorageId } from '../kernel-builder.js';
import type { Plan } from '../plan.js';
import type { DraftCall } from '../storage.js';
import type { LoweringContext } from './context.js';
import { seed } from './regions.js';
import type { CompileNested } from './special.js';

export function lowerWhile(
  context: LoweringContext,
  { operands, attributes, results }: Instruction<'while'>,
  first: ValueId,
  compile: CompileNested,
): void {
  const carries = results.map((_, i) => context.storageOf(first + i));
  operands.forEach((operand, i) => {
    seed(context, operand, carries[i]!);
  });
  const condition = compile(attributes.condition);
  const body = compile(inPlace(attributes.body));
  const predicate = context.scratch('bool', 1);
  // A carry whose alias was taken is updated where it is; the others get a place for their next value.
  const next = carries.map((carry, i) => {
    const { dtype, shape } = results[i]!;
    const updated = body.aliases.some(({ input, output }) => input === i && output === i);
    return updated ? carry : context.scratch(dtype, sizeOf(shape));
  });
  const copies = carries
    .map((to, i) => ({ from: next[i]!, to, bytes: context.storages[to]!.bytes }))
    .filter(({ from, to }) => from !== to);
  context.steps.push({
    kind: 'while',
    condition: call(context, condition, carries, [predicate]),
    predicate,
    body: call(context, body, carries, next),
    copies,
  });
}

export function lowerCase(
  context: LoweringContext,
  { operands, attributes, results }: Instruction<'case'>,
  first: ValueId,
  compile: CompileNested,
): void {
  const [selector, ...inputs] = operands.map(context.storageOf) as [StorageId, ...StorageId[]];
  const outputs = results.map((_, i) => context.storageOf(first + i));
  const branches = attributes.branches.map((branch) => call(context, compile(withoutAliases(branch)), inputs, outputs));
  context.steps.push({ kind: 'case', selector, branches });
}

function call(
  context: LoweringContext,
  plan: Plan,
  inputs: readonly StorageId[],
  outputs: readonly StorageId[],
): DraftCall {
  return { plan, inputs, outputs, arena: context.scratch('uint8', plan.arenaBytes) };
}

/** Every carry may be overwritten by its next value. */
function inPlace(body: Program): Program {
  return { ...body, inputs: body.inputs.map(({ type }, aliases) => ({ type, aliases })) };
}

function withoutAliases(branch: Program): Program {
  return { ...branch, inputs: branch.inputs.map(({ type }) => ({ type })) };
}
