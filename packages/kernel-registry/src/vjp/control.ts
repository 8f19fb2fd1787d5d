/** Reverse mode of control flow. */
import { buildProgram } from '../builder.js';
import * as emit from '../emit/index.js';
import { type Cotangent, own, unsupported, type VjpContext, type VjpRules } from './rule.js';
import { zerosOf } from './support.js';

export const controlVjp: VjpRules<'while' | 'case'> = {
  while: unsupported(
    'while',
    'reverse mode needs a bound on the number of iterations',
    'use a loop with a static number of iterations, or stopGradient',
  ),
  case: own(caseVjp),
};

/**
 * A case whose branches pull back through the original ones. A branch computes its forward pass again: what it would
 * have to keep differs from branch to branch.
 */
function caseVjp(context: VjpContext<'case'>): readonly Cotangent[] {
  const { emitter, attributes, operands, cotangents, needed } = context;
  const [index, ...inputs] = operands;
  const inputsNeeded = needed.slice(1);
  const given = cotangents.filter((cotangent) => cotangent !== undefined);
  const types = [...inputs, ...given].map(({ type }) => type);
  const branches = attributes.branches.map((branch) =>
    buildProgram(types, (e, ...values) => {
      const parameters = values.slice(0, inputs.length);
      const seeds = values.slice(inputs.length);
      let next = 0;
      const seeded = cotangents.map((cotangent) => (cotangent === undefined ? undefined : seeds[next++]));
      const gradients = context.pullback(branch, parameters, seeded, inputsNeeded, e);
      return inputs.flatMap(({ type }, i) => (inputsNeeded[i] ? [gradients[i] ?? zerosOf(e, type)] : []));
    }),
  );
  const gradients = [...emit.caseOf(emitter, index!, [...inputs, ...given], branches)];
  return [undefined, ...inputsNeeded.map((isNeeded) => (isNeeded ? gradients.shift() : undefined))];
}
