/** Type rules of control flow. */

import { type TensorType, tensorType } from '../tensor-type.js';
import {
  argumentError,
  checkCount,
  checkRegion,
  fail,
  type InferRule,
  type InferRules,
  regionOutputs,
} from './rule.js';

const whileLoop: InferRule<'while'> = (operands, { condition, body }) => {
  checkRegion('while', 'condition', condition, operands, [tensorType('bool', [])]);
  checkRegion('while', 'body', body, operands, operands);
  return [...operands];
};

const caseOf: InferRule<'case'> = (operands, { branches }) => {
  if (operands.length === 0) checkCount('case', operands, 1);
  const index = operands[0]!;
  if (index.dtype !== 'int32' || index.shape.length !== 0) {
    fail('DTYPE_MISMATCH', 'case', 'bad index', 'int32[]', `${index.dtype}[${index.shape.join(',')}]`);
  }
  if (branches.length === 0) argumentError('case', 'no branches', 'at least one', 'none');
  const results: readonly TensorType[] = regionOutputs(branches[0]!);
  for (const [i, branch] of branches.entries()) {
    checkRegion('case', `branch ${i}`, branch, operands.slice(1), results);
  }
  return results;
};

export const controlInfer: InferRules<'while' | 'case'> = { while: whileLoop, case: caseOf };
