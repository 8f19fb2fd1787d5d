/** Views as strided walks through their operand, and the places where they cut a loop space. */

import { type AnyInstruction, type Shape, stridesOf } from '@ceratops/kernel-registry';
import { mergedView, type StridedView } from '../affine.js';

/** broadcast_in_dim, transpose, slice and reverse; the result's linear index leads to the operand's. */
export function viewOf(instruction: AnyInstruction, operandShape: Shape): StridedView {
  const strides = stridesOf(operandShape);
  const extents = instruction.results[0]!.shape;
  switch (instruction.op) {
    case 'broadcast_in_dim': {
      const steps = extents.map(() => 0);
      instruction.attributes.broadcastDimensions.forEach((dimension, axis) => {
        if (operandShape[axis] !== 1) steps[dimension] = strides[axis]!;
      });
      return mergedView(extents, steps, 0);
    }
    case 'transpose': {
      const steps = instruction.attributes.permutation.map((axis) => strides[axis]!);
      return mergedView(extents, steps, 0);
    }
    case 'slice': {
      const { startIndices, strides: every } = instruction.attributes;
      const offset = startIndices.reduce((at, start, axis) => at + start * strides[axis]!, 0);
      return mergedView(
        extents,
        strides.map((stride, axis) => stride * every[axis]!),
        offset,
      );
    }
    case 'reverse': {
      const { dimensions } = instruction.attributes;
      const steps = strides.map((stride, axis) => (dimensions.includes(axis) ? -stride : stride));
      const offset = dimensions.reduce((at, axis) => at + (extents[axis]! - 1) * strides[axis]!, 0);
      return mergedView(extents, steps, offset);
    }
    default:
      return mergedView(extents, stridesOf(extents), 0);
  }
}

/** Products of trailing extents: where a loop over the whole space must be cut to see each dimension by itself. */
export function boundariesOf(extents: readonly number[]): number[] {
  const boundaries: number[] = [];
  let inner = 1;
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    inner *= extents[axis]!;
    boundaries.push(inner);
  }
  return boundaries;
}
