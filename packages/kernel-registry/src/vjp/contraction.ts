/** Reverse mode of dot_general; convolution has its own file. Both are bilinear, and gradients are the same op again. */

import type { Value } from '../builder.js';
import * as emit from '../emit/index.js';
import { convolutionRule } from './convolution.js';
import { bilinear, type SingleContext, type VjpRules } from './rule.js';

export const contractionVjp: VjpRules<'dot_general' | 'convolution'> = {
  dot_general: bilinear(
    (context) => dotGradient(context, 0),
    (context) => dotGradient(context, 1),
  ),
  convolution: convolutionRule,
};

/**
 * The gradient of operand `side`: the cotangent times the other operand, over the latter's free dimensions. It is computed in the
 * result's dtype, which is at least as wide as the operands', and with that factor first whose axes come first in the operand:
 * weights then get their gradients as they lie in memory.
 */
function dotGradient(
  { emitter: e, cotangent, operands, attributes }: SingleContext<'dot_general'>,
  side: 0 | 1,
): Value {
  const { lhsBatchingDimensions, rhsBatchingDimensions, lhsContractingDimensions, rhsContractingDimensions } =
    attributes;
  const other = 1 - side;
  const batching = [lhsBatchingDimensions, rhsBatchingDimensions];
  const contracting = [lhsContractingDimensions, rhsContractingDimensions];
  const free = operands.map(({ type }, i) =>
    [...type.shape.keys()].filter((axis) => !batching[i]!.includes(axis) && !contracting[i]!.includes(axis)),
  );
  const own = contracting[side]!;
  // The cotangent's dimensions: batch, the left's free ones, the right's.
  const firstFree = batching[0]!.length + (side === 0 ? free[0]!.length : 0);
  const factors = [
    {
      value: cotangent,
      batching: [...batching[0]!.keys()],
      contracting: free[other]!.map((_, index) => firstFree + index),
      /** The operand's axes that it gives. */
      axes: free[side]!,
    },
    {
      value: emit.convert(e, operands[other]!, cotangent.type.dtype),
      batching: batching[other]!,
      contracting: free[other]!,
      axes: [...own.keys()]
        .sort((a, b) => contracting[other]![a]! - contracting[other]![b]!)
        .map((index) => own[index]!),
    },
  ] as const;
  const [lhs, rhs] = free[side]![0]! > Math.min(...own) ? [factors[1], factors[0]] : factors;
  const product = emit.dotGeneral(e, lhs.value, rhs.value, {
    lhsBatchingDimensions: lhs.batching,
    rhsBatchingDimensions: rhs.batching,
    lhsContractingDimensions: lhs.contracting,
    rhsContractingDimensions: rhs.contracting,
    precision: attributes.precision,
  });
  const order = [...batching[side]!, ...lhs.axes, ...rhs.axes];
  const permutation = order.map((_, axis) => order.indexOf(axis));
  return emit.convert(e, emit.transpose(e, product, permutation), operands[side]!.type.dtype);
}
