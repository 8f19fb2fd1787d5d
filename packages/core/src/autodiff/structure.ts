/** Reverse mode of constants, control flow, composites and calls out. */
import { buildProgram, type Value } from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { zerosOf } from './emit.js';
import { type Cotangent, own, unsupported, type VjpContext, type VjpRule, zero } from './rule.js';

type StructureOp = 'constant' | 'iota' | 'while' | 'case' | 'composite' | 'custom_call' | 'optimization_barrier';

export const structureRules: { readonly [O in StructureOp]: VjpRule<O> } = {
  constant: zero,
  iota: zero,
  while: unsupported(
    'while',
    'reverse mode needs a bound on the number of iterations',
    'use a loop with a static number of iterations, or stopGradient',
  ),
  case: own(caseVjp),
  composite: unsupported(
    'composite',
    'a composite is differentiated by its own rule or its decomposition',
    'use record',
  ),
  custom_call: unsupported('custom_call', 'its target is opaque', 'wrap it in customGradient'),
  optimization_barrier: {
    kind: 'linear',
    vjp: ({ emitter, cotangents }) => throughBarrier(cotangents, (values) => emit.optimizationBarrier(emitter, values)),
  },
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

/** Runs the cotangents that are there through a barrier of their own. */
function throughBarrier(
  cotangents: readonly Cotangent[],
  barrier: (values: readonly Value[]) => readonly Value[],
): Cotangent[] {
  const through = [...barrier(cotangents.filter((cotangent) => cotangent !== undefined))];
  return cotangents.map((cotangent) => (cotangent === undefined ? undefined : through.shift()));
}
