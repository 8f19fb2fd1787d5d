/** Batching of products. */
import type { Emitter, Value } from '../builder.js';
import { dotGeneral as emitDot } from '../emit/contraction.js';
import { transpose } from '../emit/movement.js';
import { convolution } from './convolution.js';
import { type Batched, type BatchRule, type BatchRules, mapped, shifted } from './rule.js';

/** Dimension `axis` in front. */
export function toFront(emitter: Emitter, value: Value, axis: number): Value {
  if (axis === 0) return value;
  const others = value.type.shape.map((_, i) => i).filter((i) => i !== axis);
  return transpose(emitter, value, [axis, ...others]);
}

const dotGeneral: BatchRule<'dot_general'> = ({ emitter, attributes: a, operands }) => {
  const [lhs, rhs] = operands as [Batched, Batched];
  const both = lhs.mapped && rhs.mapped;
  const side = (isMapped: boolean, dims: readonly number[]): readonly number[] => (isMapped ? shifted(dims) : dims);
  const batching = (isMapped: boolean, dims: readonly number[]): number[] => [
    ...(both ? [0] : []),
    ...side(isMapped, dims),
  ];
  const product = emitDot(emitter, lhs.value, rhs.value, {
    lhsBatchingDimensions: batching(lhs.mapped, a.lhsBatchingDimensions),
    rhsBatchingDimensions: batching(rhs.mapped, a.rhsBatchingDimensions),
    lhsContractingDimensions: side(lhs.mapped, a.lhsContractingDimensions),
    rhsContractingDimensions: side(rhs.mapped, a.rhsContractingDimensions),
    precision: a.precision,
    dtype: a.dtype,
  });
  if (both) return mapped([product]);
  // The batch is the first free dimension of its side.
  const before = a.lhsBatchingDimensions.length;
  const free = lhs.value.type.shape.length - before - a.lhsContractingDimensions.length;
  return mapped([toFront(emitter, product, lhs.mapped ? before : before + free)]);
};

export const contractionBatch: BatchRules<'dot_general' | 'convolution'> = { dot_general: dotGeneral, convolution };
