/** Type inference by the rules at hand: the base table, and those that ops have brought. */

import type { OpAttributes, OpName } from '../opset.js';
import { broughtRules } from '../rules.js';
import type { TensorType } from '../tensor-type.js';
import { baseInfer } from './base.js';
import type { InferRule, InferRules } from './rule.js';

/**
 * The result types of `op` for these operand types and attributes.
 * @throws CeratopsError SHAPE_MISMATCH, DTYPE_MISMATCH, INVALID_ARGUMENT or INVALID_PROGRAM (a region) that names the op.
 */
export function infer<O extends OpName>(
  op: O,
  operands: readonly TensorType[],
  attributes: OpAttributes[O],
): readonly TensorType[] {
  const rule = (baseInfer as Partial<InferRules>)[op] as InferRule<O> | undefined;
  return (rule ?? broughtRules(op).infer)(operands, attributes);
}
