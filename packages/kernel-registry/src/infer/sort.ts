/** Type rule of sort. */

import { tensorType } from '../tensor-type.js';
import {
  argumentError,
  checkDimensions,
  checkEqualShape,
  checkRegion,
  type InferRule,
  type InferRules,
  scalars,
} from './rule.js';

const sort: InferRule<'sort'> = (operands, { dimension, comparator }) => {
  if (operands.length === 0) argumentError('sort', 'no operands', 'at least one', 'none');
  const { shape } = operands[0]!;
  for (const operand of operands) checkEqualShape('sort', 'operands differ in shape', shape, operand.shape);
  checkDimensions('sort', 'dimension', [dimension], shape.length);
  const pairs = scalars(operands).flatMap((element) => [element, element]);
  checkRegion('sort', 'comparator', comparator, pairs, [tensorType('bool', [])]);
  return [...operands];
};

export const sortInfer: InferRules<'sort'> = { sort };
