/**
 * `@ceratops/kernel-registry/batching`: programs on many values at once. Whoever takes it has the rules of every op.
 */
import { bringAllRules, buildProgram } from '../any-op.js';
import type { Emitter } from '../builder.js';
import type { Program } from '../program.js';
import { type Batched, spread } from './rule.js';
import { type BatchComposite, runBatched as runAtHand } from './run.js';

export { type BatchContext, type Batched, type BatchRule, type BatchRules, spread } from './rule.js';
export { type BatchComposite, batchRules } from './run.js';

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
  bringAllRules();
  return runAtHand(emitter, program, operands, size, own);
}

/** A program over items as one over batches: inputs that are `mapped` have one more dimension, all outputs do. */
export function batchProgram(
  program: Program,
  inputs: readonly boolean[],
  size: number,
  own?: BatchComposite,
): Program {
  const types = program.inputs.map(({ type: { dtype, shape } }, i) => ({
    dtype,
    shape: inputs[i] ? [size, ...shape] : shape,
  }));
  return buildProgram(
    types,
    (e, ...values) => {
      const operands = values.map((value, i) => ({ value, mapped: inputs[i]! }));
      return runBatched(e, program, operands, size, own).map((result) => spread(e, result, size));
    },
    program.name,
  );
}
