/** Rewrites of ops that only late parts lower; see `LateParts.rules`. */

import { type AnyInstruction, type Scalar, sameShape, type ValueId } from '@ceratops/kernel-registry';
import type { Rewriter, Rule } from './rewriter.js';

type Of<O extends AnyInstruction['op']> = AnyInstruction & { readonly op: O };

function concatenate(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Of<'concatenate'>;
  const full = operands.filter((operand) => rewriter.typeOf(operand).shape[attributes.dimension] !== 0);
  if (full.length === 1) return full[0];
  const usable = full.length > 0 && full.length < operands.length;
  return usable ? rewriter.emit('concatenate', full, attributes, results) : undefined;
}

/** The constant start indices of a dynamic op, clamped; undefined when some are not known. */
function knownStarts(
  rewriter: Rewriter,
  starts: readonly ValueId[],
  shape: readonly number[],
  sizes: readonly number[],
): number[] | undefined {
  const scalars = starts.map((start): Scalar | undefined => rewriter.splatOf(start));
  if (scalars.some((scalar) => scalar === undefined)) return undefined;
  return scalars.map((scalar, axis) => Math.max(0, Math.min(Number(scalar), shape[axis]! - sizes[axis]!)));
}

function dynamicSlice(rewriter: Rewriter, instruction: AnyInstruction): ValueId | undefined {
  const { operands, attributes, results } = instruction as Of<'dynamic_slice'>;
  const [operand, ...starts] = operands as [ValueId, ...ValueId[]];
  const { shape } = rewriter.typeOf(operand);
  const { sliceSizes } = attributes;
  if (sameShape(shape, sliceSizes)) return operand;
  const startIndices = knownStarts(rewriter, starts, shape, sliceSizes);
  if (startIndices === undefined) return undefined;
  const limitIndices = startIndices.map((start, axis) => start + sliceSizes[axis]!);
  return rewriter.emit('slice', [operand], { startIndices, limitIndices, strides: shape.map(() => 1) }, results);
}

function dynamicUpdateSlice(rewriter: Rewriter, { operands }: AnyInstruction): ValueId | undefined {
  const [operand, update] = operands as [ValueId, ValueId];
  return sameShape(rewriter.typeOf(operand).shape, rewriter.typeOf(update).shape) ? update : undefined;
}

export const lateRules: readonly Rule[] = [
  { name: 'concatenate of one', ops: ['concatenate'], rewrite: concatenate },
  { name: 'dynamic_slice at constants → slice', ops: ['dynamic_slice'], rewrite: dynamicSlice },
  { name: 'dynamic_update_slice of all', ops: ['dynamic_update_slice'], rewrite: dynamicUpdateSlice },
];
