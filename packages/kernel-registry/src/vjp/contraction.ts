/** Reverse mode of dot_general; convolution has its own file. Both are bilinear, and gradients are the same op again. */

import type { Emitter, Value } from '../builder.js';
import * as emit from '../emit/index.js';
import type { DotGeneralAttributes } from '../opset.js';
import { convolutionRule } from './convolution.js';
import { bilinear, type VjpRules } from './rule.js';

export const contractionVjp: VjpRules<'dot_general' | 'convolution'> = {
  dot_general: bilinear(
    ({ emitter, cotangent, operands: [lhs, rhs], attributes }) =>
      dotGradient(emitter, cotangent, leftOf(lhs!, attributes), rightOf(rhs!, attributes), true, attributes),
    ({ emitter, cotangent, operands: [lhs, rhs], attributes }) =>
      dotGradient(emitter, cotangent, rightOf(rhs!, attributes), leftOf(lhs!, attributes), false, attributes),
  ),
  convolution: convolutionRule,
};

/** An operand, and what its axes are to the product. */
interface Factor {
  readonly value: Value;
  readonly batching: readonly number[];
  readonly contracting: readonly number[];
  readonly free: readonly number[];
}

function factor(value: Value, batching: readonly number[], contracting: readonly number[]): Factor {
  const axes = value.type.shape.map((_, axis) => axis);
  const free = axes.filter((axis) => !batching.includes(axis) && !contracting.includes(axis));
  return { value, batching, contracting, free };
}

function leftOf(value: Value, { lhsBatchingDimensions, lhsContractingDimensions }: DotGeneralAttributes): Factor {
  return factor(value, lhsBatchingDimensions, lhsContractingDimensions);
}

function rightOf(value: Value, { rhsBatchingDimensions, rhsContractingDimensions }: DotGeneralAttributes): Factor {
  return factor(value, rhsBatchingDimensions, rhsContractingDimensions);
}

/**
 * The gradient of one factor: the cotangent times the other factor, over the latter's free dimensions. It is computed in the
 * result's dtype, which is at least as wide as the operands', and with the side first whose axes come first in `own`: weights
 * then get theirs as they lie in memory.
 */
function dotGradient(
  e: Emitter,
  cotangent: Value,
  own: Factor,
  other: Factor,
  ownIsLeft: boolean,
  { precision }: DotGeneralAttributes,
): Value {
  const batches = own.batching.length;
  const firstFree = batches + (ownIsLeft ? own.free.length : 0);
  const sides = [
    {
      value: cotangent,
      batching: own.batching.map((_, index) => index),
      contracting: other.free.map((_, index) => firstFree + index),
      axes: own.free,
    },
    {
      value: emit.convert(e, other.value, cotangent.type.dtype),
      batching: other.batching,
      contracting: other.free,
      // In the order of the other's axes.
      axes: other.contracting
        .map((axis, index) => ({ axis, own: own.contracting[index]! }))
        .sort((a, b) => a.axis - b.axis)
        .map((pair) => pair.own),
    },
  ] as const;
  const [lhs, rhs] = own.free[0]! > Math.min(...own.contracting) ? [sides[1], sides[0]] : sides;
  const product = emit.dotGeneral(e, lhs.value, rhs.value, {
    lhsBatchingDimensions: lhs.batching,
    rhsBatchingDimensions: rhs.batching,
    lhsContractingDimensions: lhs.contracting,
    rhsContractingDimensions: rhs.contracting,
    precision,
  });
  const order = [...own.batching, ...lhs.axes, ...rhs.axes];
  const permutation = order.map((_, axis) => order.indexOf(axis));
  return emit.convert(e, emit.transpose(e, product, permutation), own.value.type.dtype);
}
