/** Type inference: one rule per op, by family. */

import type { OpAttributes, OpName } from '../opset.js';
import type { TensorType } from '../tensor-type.js';
import { contractionRules } from './contraction.js';
import { elementwiseRules } from './elementwise.js';
import { indexingRules } from './indexing.js';
import { movementRules } from './movement.js';
import { numericRules } from './numeric.js';
import { reductionRules } from './reduction.js';
import type { InferRule } from './rule.js';
import { structureRules } from './structure.js';

export type InferRules = { readonly [O in OpName]: InferRule<O> };

export const inferRules: InferRules = {
  ...elementwiseRules,
  ...movementRules,
  ...indexingRules,
  ...contractionRules,
  ...reductionRules,
  ...numericRules,
  ...structureRules,
};

/**
 * The result types of `op` for these operand types and attributes.
 * @throws CeratopsError SHAPE_MISMATCH, DTYPE_MISMATCH, INVALID_ARGUMENT or INVALID_PROGRAM (a region) that names the op.
 */
export function infer<O extends OpName>(
  op: O,
  operands: readonly TensorType[],
  attributes: OpAttributes[O],
): readonly TensorType[] {
  return inferRules[op](operands, attributes);
}

export type { InferRule } from './rule.js';
