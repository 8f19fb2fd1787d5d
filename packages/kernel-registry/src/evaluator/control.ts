/** Control flow and structure. */

import { buildProgram, decompose } from '../any-op.js';
import { CeratopsError } from '../errors.js';
import type { EvaluateRule } from './context.js';
import { integerAt, type Tensor } from './tensor.js';

export const evaluateWhile: EvaluateRule<'while'> = ({ operands, attributes }, context) => {
  let carries: Tensor[] = [...operands];
  while (integerAt(context.run(attributes.condition, carries)[0]!) !== 0) {
    carries = context.run(attributes.body, carries);
  }
  return carries;
};

export const evaluateCase: EvaluateRule<'case'> = ({ operands, attributes: { branches } }, context) => {
  const [index, ...rest] = operands;
  const chosen = integerAt(index!);
  const branch = branches[chosen] ?? branches[branches.length - 1]!;
  return context.run(branch, rest);
};

export const evaluateComposite: EvaluateRule<'composite'> = ({ operands, attributes: composite }, context) => {
  const types = operands.map((operand) => operand.type);
  const program = buildProgram(types, (emitter, ...values) => decompose(emitter, composite, values), composite.name);
  return context.run(program, operands);
};

export const evaluateCustomCall: EvaluateRule<'custom_call'> = ({ attributes: { target } }) => {
  throw new CeratopsError('UNSUPPORTED', 'a custom call means what its backend says', {
    subject: `custom_call ${target}`,
    remedy: 'run it on the backend that defines it, or use a composite, which has a decomposition',
  });
};

export const evaluateBarrier: EvaluateRule<'optimization_barrier'> = ({ operands }) => [...operands];
