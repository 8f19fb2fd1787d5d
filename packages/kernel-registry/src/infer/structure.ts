/** Type rules of control flow, composites and calls out. */

import { compositeOf, unknownComposite } from '../composite.js';
import { type TensorType, tensorType } from '../tensor-type.js';
import { argumentError, checkCount, checkRegion, checkShape, fail, type InferRule, regionOutputs } from './rule.js';

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

const composite: InferRule<'composite'> = (operands, { name, attributes, decomposition }) => {
  const definition = compositeOf(name);
  if (definition !== undefined) return definition.infer(operands, attributes);
  if (decomposition === undefined) throw unknownComposite(name);
  const results = regionOutputs(decomposition);
  checkRegion(name, 'decomposition', decomposition, operands, results);
  return results;
};

const customCall: InferRule<'custom_call'> = (_operands, { target, results }) => {
  for (const { shape } of results) checkShape(`custom_call ${target}`, shape);
  return results;
};

export const structureRules: {
  readonly while: InferRule<'while'>;
  readonly case: InferRule<'case'>;
  readonly composite: InferRule<'composite'>;
  readonly custom_call: InferRule<'custom_call'>;
  readonly optimization_barrier: InferRule<'optimization_barrier'>;
} = {
  while: whileLoop,
  case: caseOf,
  composite,
  custom_call: customCall,
  optimization_barrier: (operands) => [...operands],
};
