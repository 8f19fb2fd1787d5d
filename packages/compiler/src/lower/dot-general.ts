/** dot_general as plain loops: small ones, and dtypes that the target's library does not take. */

import { type Instruction, sizeOf, stridesOf, type ValueId } from '@ceratops/kernel-registry';
import { type Affine, combine } from '../affine.js';
import type { Operand } from '../kernel-builder.js';
import type { LoweringContext } from './context.js';
import { loopSizes, withUnitAxes } from './dimensions.js';
import { multiply, sumOfProducts } from './products.js';
import { lowerReduction } from './reduction.js';
import type { ValueEmitter } from './values.js';

export function lowerDotGeneral(
  context: LoweringContext,
  { operands, attributes, results }: Instruction<'dot_general'>,
  first: ValueId,
): void {
  const [lhs, rhs] = operands as [ValueId, ValueId];
  const { types } = context.fusion.graph;
  const { lhsBatchingDimensions, rhsBatchingDimensions, lhsContractingDimensions, rhsContractingDimensions } =
    attributes;
  const { dtype, shape } = results[0]!;
  if (sizeOf(shape) === 0) return;
  const sides = [
    sideOf(lhs, types[lhs]!.shape, lhsBatchingDimensions, lhsContractingDimensions),
    sideOf(rhs, types[rhs]!.shape, rhsBatchingDimensions, rhsContractingDimensions),
  ] as const;
  const contracted = lhsContractingDimensions.map((axis) => sides[0].shape[axis]!);
  const kept = loopSizes(shape);
  const contractsLast = rhsContractingDimensions.includes(sides[1].shape.length - 1);
  lowerReduction(context, {
    ...sumOfProducts(dtype, kept, (emitter, index, value) => emitter.store(first, index, value)),
    name: 'dot_general',
    reduced: loopSizes(contracted),
    empty: sizeOf(contracted) === 0,
    vector: contractsLast || kept.length === 0 ? 'reduced' : 'kept',
    element: (emitter, keptAt, reducedAt) => {
      const outer = withUnitAxes(shape, keptAt);
      const inner = withUnitAxes(contracted, reducedAt);
      const batch = outer.slice(0, lhsBatchingDimensions.length);
      const split = batch.length + sides[0].free.length;
      const left = element(emitter, sides[0], batch, outer.slice(batch.length, split), inner);
      const right = element(emitter, sides[1], batch, outer.slice(split), inner);
      return [multiply(emitter, dtype, left, right)];
    },
  });
}

interface Side {
  readonly value: ValueId;
  readonly batching: readonly number[];
  readonly contracting: readonly number[];
  readonly free: readonly number[];
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

function sideOf(
  value: ValueId,
  shape: readonly number[],
  batching: readonly number[],
  contracting: readonly number[],
): Side {
  const free = shape.map((_, axis) => axis).filter((axis) => !batching.includes(axis) && !contracting.includes(axis));
  return { value, batching, contracting, free, shape, strides: stridesOf(shape) };
}

function element(
  emitter: ValueEmitter,
  { value, batching, contracting, free, strides }: Side,
  batchAt: readonly Affine[],
  freeAt: readonly Affine[],
  contractedAt: readonly Affine[],
): Operand {
  const axes = [...batching, ...free, ...contracting];
  const scales = axes.map((axis) => strides[axis]!);
  return emitter.load(value, combine(0, [...batchAt, ...freeAt, ...contractedAt], scales));
}
