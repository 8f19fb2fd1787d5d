/** Running a program's instructions on batches, with the rules at hand. */

import { buildProgram, type Emitter, type Value } from '../builder.js';
import { compositeOf } from '../composite.js';
import { optimizationBarrier } from '../emit/calls.js';
import { decompose } from '../expand.js';
import type { OpAttributes, OpName } from '../opset.js';
import type { AnyInstruction, Program } from '../program.js';
import { compositeBatch } from './composites.js';
import { contractionBatch } from './contraction.js';
import { controlBatch } from './control.js';
import { elementwiseBatch } from './elementwise.js';
import { indexingBatch } from './indexing.js';
import { movementBatch } from './movement.js';
import { numericBatch } from './numeric.js';
import { reductionBatch } from './reduction.js';
import { type BatchContext, type Batched, type BatchRule, type BatchRules, unbatched } from './rule.js';

export { type BatchContext, type Batched, spread } from './rule.js';

/** How composites of the caller's own run on batches; asked before their definition. */
export type BatchComposite = (context: BatchContext<'composite'>) => readonly Batched[] | undefined;

const structureBatch: BatchRules<'constant' | 'iota' | 'custom_call' | 'optimization_barrier'> = {
  // Without operands they are never mapped.
  constant: () => [],
  iota: () => [],
  custom_call: ({ attributes: { target } }) => {
    throw unbatched('custom_call', `nobody but its backend knows what ${target} does`, 'call it in a loop: map');
  },
  optimization_barrier: ({ emitter, operands }) =>
    optimizationBarrier(
      emitter,
      operands.map(({ value }) => value),
    ).map((value, i) => ({ value, mapped: operands[i]!.mapped })),
};

/** One rule per op; composites have theirs with their definition, or are batched as what they are made of. */
export const batchRules: BatchRules<Exclude<OpName, 'composite'>> = {
  ...elementwiseBatch,
  ...movementBatch,
  ...indexingBatch,
  ...contractionBatch,
  ...reductionBatch,
  ...controlBatch,
  ...numericBatch,
  ...structureBatch,
};

/**
 * Emits a program on operands of which some have one more dimension in front, of this size.
 * @throws CeratopsError UNSUPPORTED for an op that nobody can run on batches.
 */
export function runBatched(
  emitter: Emitter,
  program: Program,
  operands: readonly Batched[],
  size: number,
  own?: BatchComposite | undefined,
): Batched[] {
  const values: Batched[] = [...operands];
  for (const instruction of program.instructions) {
    const given = instruction.operands.map((id) => values[id]!);
    values.push(...step(emitter, instruction, given, size, own));
  }
  return program.outputs.map((id) => values[id]!);
}

function step(
  emitter: Emitter,
  { op, attributes }: AnyInstruction,
  operands: readonly Batched[],
  size: number,
  own: BatchComposite | undefined,
): readonly Batched[] {
  if (operands.every((operand) => !operand.mapped)) {
    const values = operands.map(({ value }) => value);
    return emitter.emit(op, values, attributes).map((value) => ({ value, mapped: false }));
  }
  const context: BatchContext = {
    emitter,
    attributes,
    operands,
    size,
    run: (program, given, into = emitter) => runBatched(into, program, given, size, own),
  };
  if (op === 'composite') return composite(context as BatchContext<'composite'>, own);
  return (batchRules[op] as BatchRule)(context);
}

function composite(context: BatchContext<'composite'>, own: BatchComposite | undefined): readonly Batched[] {
  const { attributes, operands } = context;
  const rule = compositeBatch[attributes.name] ?? compositeOf(attributes.name)?.batch;
  const found = own?.(context) ?? rule?.(context);
  if (found !== undefined) return found;
  const types = operands.map(({ value: { type }, mapped: isMapped }) =>
    isMapped ? { ...type, shape: type.shape.slice(1) } : type,
  );
  const program = buildProgram(types, (e, ...values: Value[]) =>
    decompose(e, attributes as OpAttributes['composite'], values),
  );
  return context.run(program, operands);
}
