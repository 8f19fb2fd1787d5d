/** Type rules of calls out and of barriers. */

import { checkShape, type InferRule, type InferRules } from './rule.js';

const customCall: InferRule<'custom_call'> = (_operands, { target, results }) => {
  for (const { shape } of results) checkShape(`custom_call ${target}`, shape);
  return results;
};

export const callsInfer: InferRules<'custom_call' | 'optimization_barrier'> = {
  custom_call: customCall,
  optimization_barrier: (operands) => [...operands],
};
