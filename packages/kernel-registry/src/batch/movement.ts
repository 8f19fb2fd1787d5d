/** Batching of ops that move elements. */
import { fill } from '../emit/constant.js';
import { select } from '../emit/elementwise.js';
import { broadcastInDim, pad as emitPad } from '../emit/movement.js';
import { tensorType } from '../tensor-type.js';
import { type BatchRule, type BatchRules, mapped, shifted, spread, withAttributes } from './rule.js';

type MovementOp = 'reshape' | 'broadcast_in_dim' | 'transpose' | 'slice' | 'pad' | 'concatenate' | 'reverse';

/** Items with different padding values: where padding is, a mask says that is padded in the same way. */
const pad: BatchRule<'pad'> = ({ emitter, attributes, operands, size }) => {
  const x = spread(emitter, operands[0]!, size);
  const edges = (list: readonly number[]): number[] => [0, ...list];
  const [low, high, interior] = [attributes.low, attributes.high, attributes.interior].map(edges) as [
    number[],
    number[],
    number[],
  ];
  const padding = operands[1]!;
  if (!padding.mapped) return mapped([emitPad(emitter, x, padding.value, low, high, interior)]);
  const zero = fill(emitter, tensorType(x.type.dtype, []), 0);
  const padded = emitPad(emitter, x, zero, low, high, interior);
  const inside = fill(emitter, tensorType('bool', x.type.shape), true);
  const mask = emitPad(emitter, inside, fill(emitter, tensorType('bool', []), false), low, high, interior);
  const values = broadcastInDim(emitter, padding.value, padded.type.shape, [0]);
  return mapped([select(emitter, mask, padded, values)]);
};

export const movementBatch: BatchRules<MovementOp> = {
  reshape: withAttributes('reshape', ({ shape }, size) => ({ shape: [size, ...shape] })),
  broadcast_in_dim: withAttributes('broadcast_in_dim', ({ shape, broadcastDimensions }, size) => ({
    shape: [size, ...shape],
    broadcastDimensions: [0, ...shifted(broadcastDimensions)],
  })),
  transpose: withAttributes('transpose', ({ permutation }) => ({ permutation: [0, ...shifted(permutation)] })),
  slice: withAttributes('slice', ({ startIndices, limitIndices, strides }, size) => ({
    startIndices: [0, ...startIndices],
    limitIndices: [size, ...limitIndices],
    strides: [1, ...strides],
  })),
  pad,
  concatenate: withAttributes('concatenate', ({ dimension }) => ({ dimension: dimension + 1 })),
  reverse: withAttributes('reverse', ({ dimensions }) => ({ dimensions: shifted(dimensions) })),
};
