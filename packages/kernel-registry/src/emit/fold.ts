/** Reductions and windows with any body over any emitter. */

import { bringRules } from '../bring-rules.js';
import type { Emitter, Value } from '../builder.js';
import { reductionInfer } from '../infer/reduction.js';
import type { OpAttributes } from '../opset.js';
import type { Program } from '../program.js';
import { identityOf, scalarRegion } from '../region.js';
import { tensorType } from '../tensor-type.js';
import { foldVjp } from '../vjp/fold.js';
import { fill } from './constant.js';
import type { ReduceEmit } from './contraction.js';

/**
 * Makes gradients of gradients known, for those who differentiate what may hold a gradient already: only then does anything differentiate
 * the select_and_scatter of max pooling.
 */
export function bringFolds(): void {
  bringRules(reductionInfer, foldVjp);
}

export function reduce(
  emitter: Emitter,
  operands: readonly Value[],
  initials: readonly Value[],
  dimensions: readonly number[],
  body: Program,
): readonly Value[] {
  bringFolds();
  return emitter.emit('reduce', [...operands, ...initials], { dimensions, body });
}

/** From 1; over no dimensions it emits nothing. */
export const reduceProd: ReduceEmit = (emitter, operand, dimensions) => {
  if (dimensions.length === 0) return operand;
  const { dtype } = operand.type;
  const initial = fill(emitter, tensorType(dtype, []), identityOf('multiply', dtype));
  return reduce(emitter, [operand], [initial], dimensions, scalarRegion(dtype, 'multiply'))[0]!;
};

export function reduceWindow(
  emitter: Emitter,
  operands: readonly Value[],
  initials: readonly Value[],
  attributes: OpAttributes['reduce_window'],
): readonly Value[] {
  bringFolds();
  return emitter.emit('reduce_window', [...operands, ...initials], attributes);
}

export function selectAndScatter(
  emitter: Emitter,
  operand: Value,
  source: Value,
  initial: Value,
  attributes: OpAttributes['select_and_scatter'],
): Value {
  bringFolds();
  return emitter.emit('select_and_scatter', [operand, source, initial], attributes)[0]!;
}
