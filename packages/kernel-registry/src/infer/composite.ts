/** Type rule of composites: what their definition says, else what the decomposition they carry gives. */

import { compositeOf, unknownComposite } from '../composite.js';
import { checkRegion, type InferRule, type InferRules, regionOutputs } from './rule.js';

const composite: InferRule<'composite'> = (operands, { name, attributes, decomposition }) => {
  const definition = compositeOf(name);
  if (definition !== undefined) return definition.infer(operands, attributes);
  if (decomposition === undefined) throw unknownComposite(name);
  const results = regionOutputs(decomposition);
  checkRegion(name, 'decomposition', decomposition, operands, results);
  return results;
};

export const compositeInfer: InferRules<'composite'> = { composite };
