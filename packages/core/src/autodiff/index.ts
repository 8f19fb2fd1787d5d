/**
 * `@ceratops/core/autodiff`: reverse mode of Programs, whatever ops they hold. Every form is built on `record`, which emits into
 * any emitter.
 */
import type { Emitter, Program, Value } from '@ceratops/kernel-registry';
import { bringAllRules, type Recording } from '@ceratops/kernel-registry/tracing';
import { type RecordOptions, record as recordAtHand } from './record.js';

/**
 * Emits the forward pass of `program` on `operands`.
 * @throws CeratopsError INVALID_ARGUMENT for a `wrt` or `of` that is no such input or output or has no gradient.
 */
export function record(
  emitter: Emitter,
  program: Program,
  operands: readonly Value[],
  options: RecordOptions,
): Recording {
  bringAllRules();
  return recordAtHand(emitter, program, operands, options);
}

export type { ResidualSource, SplitVjp } from '@ceratops/kernel-registry/split-vjp';
export {
  type Cotangent,
  isDifferentiable,
  type Recording,
  type VjpContext,
  type VjpKind,
  type VjpRule,
  vjpRules,
} from '@ceratops/kernel-registry/tracing';
export type { RecordOptions } from './record.js';
export { tangentProgram } from './tangent.js';
export { gradientProgram, splitVjp, type VjpSpecification } from './transform.js';
