/** Reverse mode of dot_general; convolution has its own file. Both are bilinear, and gradients are the same op again. */

import type { Emitter, Value } from '../builder.js';
import * as emit from '../emit/index.js';
import type { DotGeneralAttributes } from '../opset.js';
import { convolutionRule } from './convolution.js';
import { bilinear, type VjpRules } from './rule.js';

export const contractionVjp: VjpRules<'dot_general' | 'convolution'> = {
  dot_general: bilinear(
    ({ emitter, cotangent, operands: [lhs, rhs], attributes }) => dotLeft(emitter, cotangent, lhs!, rhs!, attributes),
    // The product with its sides exchanged, then the left side's rule.
    ({ emitter, cotangent, operands: [lhs, rhs], attributes }) =>
      dotLeft(emitter, exchangeFree(emitter, cotangent, lhs!, attributes), rhs!, lhs!, exchange(attributes)),
  ),
  convolution: convolutionRule,
};

function exchange(attributes: DotGeneralAttributes): DotGeneralAttributes {
  return {
    ...attributes,
    lhsBatchingDimensions: attributes.rhsBatchingDimensions,
    rhsBatchingDimensions: attributes.lhsBatchingDimensions,
    lhsContractingDimensions: attributes.rhsContractingDimensions,
    rhsContractingDimensions: attributes.lhsContractingDimensions,
  };
}

/** (batch, lhs free, rhs free) → (batch, rhs free, lhs free). */
function exchangeFree(e: Emitter, value: Value, lhs: Value, attributes: DotGeneralAttributes): Value {
  const { lhsBatchingDimensions: batching, lhsContractingDimensions: contracting } = attributes;
  const split = lhs.type.shape.length - contracting.length;
  const axes = value.type.shape.map((_, axis) => axis);
  const batch = axes.slice(0, batching.length);
  return emit.transpose(e, value, [...batch, ...axes.slice(split), ...axes.slice(batching.length, split)]);
}

/**
 * lhs̄ = ct · rhs over the right's free dimensions. It is computed in the result's dtype, which is at least as wide
 * as the operands'.
 */
function dotLeft(e: Emitter, ct: Value, lhs: Value, rhs: Value, attributes: DotGeneralAttributes): Value {
  const { lhsBatchingDimensions, rhsBatchingDimensions, lhsContractingDimensions, rhsContractingDimensions } =
    attributes;
  const freeOf = (value: Value, ...used: readonly (readonly number[])[]): number[] =>
    value.type.shape.map((_, axis) => axis).filter((axis) => !used.flat().includes(axis));
  const lhsFree = freeOf(lhs, lhsBatchingDimensions, lhsContractingDimensions);
  const rhsFree = freeOf(rhs, rhsBatchingDimensions, rhsContractingDimensions);
  const firstRhsFree = lhsBatchingDimensions.length + lhsFree.length;
  const product = emit.dotGeneral(e, ct, emit.convert(e, rhs, ct.type.dtype), {
    lhsBatchingDimensions: lhsBatchingDimensions.map((_, index) => index),
    rhsBatchingDimensions,
    lhsContractingDimensions: rhsFree.map((_, index) => firstRhsFree + index),
    rhsContractingDimensions: rhsFree,
    precision: attributes.precision,
  });
  // The product's dimensions: batch, the left's free ones, then the contracted ones in the order of the right's axes.
  const contracted = rhsContractingDimensions
    .map((axis, index) => ({ axis, left: lhsContractingDimensions[index]! }))
    .sort((a, b) => a.axis - b.axis)
    .map(({ left }) => left);
  const order = [...lhsBatchingDimensions, ...lhsFree, ...contracted];
  const permutation = order.map((_, axis) => order.indexOf(axis));
  return emit.convert(e, emit.transpose(e, product, permutation), lhs.type.dtype);
}
