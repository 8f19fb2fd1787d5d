/** Contractions, reductions, windows. */
import {
  type ConvolutionAttributes,
  type DType,
  identityOf,
  type Precision,
  type ReducerOp,
  scalarRegion,
  type WindowAttributes,
} from '@ceratops/kernel-registry';
import { operationOf } from '../graph/operation.js';
import type { Tensor } from '../tensor/tensor.js';
import { regionOf } from '../transform/region.js';
import { apply2, applyMany } from './apply.js';
import { and, compare, not, or, select } from './elementwise.js';
import { iota, scalar } from './movement.js';

export interface DotGeneralOptions {
  /** Dimensions of a and of b that are multiplied and summed. */
  readonly contracting: readonly [readonly number[], readonly number[]];
  /** Dimensions of a and of b that go along, first in the result. */
  readonly batching?: readonly [readonly number[], readonly number[]] | undefined;
  /** Of the result; default: the operands'. */
  readonly dtype?: DType | undefined;
  readonly precision?: Precision | undefined;
}

export function dotGeneral(a: Tensor, b: Tensor, options: DotGeneralOptions): Tensor {
  const { contracting, batching, dtype, precision } = options;
  const operation = operationOf('dot_general', {
    lhsBatchingDimensions: batching?.[0] ?? [],
    rhsBatchingDimensions: batching?.[1] ?? [],
    lhsContractingDimensions: contracting[0],
    rhsContractingDimensions: contracting[1],
    precision: precision ?? 'default',
    dtype: dtype ?? a.dtype,
  });
  return apply2(operation, a, b);
}

export function convolution(x: Tensor, kernel: Tensor, attributes: ConvolutionAttributes): Tensor {
  return apply2(operationOf('convolution', attributes), x, kernel);
}

function reduceWith(op: ReducerOp, x: Tensor, dimensions: readonly number[]): Tensor {
  if (dimensions.length === 0) return x;
  const { dtype } = x;
  const operation = operationOf('reduce', { dimensions, body: scalarRegion(dtype, op) });
  return apply2(operation, x, scalar(identityOf(op, dtype), dtype));
}

export function reduceSum(x: Tensor, dimensions: readonly number[]): Tensor {
  return reduceWith('add', x, dimensions);
}

export function reduceMax(x: Tensor, dimensions: readonly number[]): Tensor {
  return reduceWith('maximum', x, dimensions);
}

export function reduceMin(x: Tensor, dimensions: readonly number[]): Tensor {
  return reduceWith('minimum', x, dimensions);
}

export function reduceAnd(x: Tensor, dimensions: readonly number[]): Tensor {
  return reduceWith('and', x, dimensions);
}

export function reduceOr(x: Tensor, dimensions: readonly number[]): Tensor {
  return reduceWith('or', x, dimensions);
}

function reduceWindowWith(op: ReducerOp, x: Tensor, window: WindowAttributes): Tensor {
  const { dtype } = x;
  const undilated = x.shape.map(() => 1);
  const { windowDimensions, windowStrides, padding } = window;
  const operation = operationOf('reduce_window', {
    windowDimensions,
    windowStrides,
    padding,
    baseDilations: undilated,
    windowDilations: undilated,
    body: scalarRegion(dtype, op),
  });
  return apply2(operation, x, scalar(identityOf(op, dtype), dtype));
}

export function reduceWindowSum(x: Tensor, window: WindowAttributes): Tensor {
  return reduceWindowWith('add', x, window);
}

export function reduceWindowMax(x: Tensor, window: WindowAttributes): Tensor {
  return reduceWindowWith('maximum', x, window);
}

/** A NaN beats every number; among equals the lower index wins, in whatever order the elements come. */
function argReduce(x: Tensor, dimension: number, dtype: DType, op: 'maximum' | 'minimum'): Tensor {
  const direction = op === 'maximum' ? 'GT' : 'LT';
  const body = (value: Tensor, index: Tensor, nextValue: Tensor, nextIndex: Tensor): Tensor[] => {
    const holdsNaN = compare(value, value, 'NE');
    const nextHoldsNaN = compare(nextValue, nextValue, 'NE');
    const better = or(compare(nextValue, value, direction), and(nextHoldsNaN, not(holdsNaN)));
    const equal = or(compare(nextValue, value, 'EQ'), and(nextHoldsNaN, holdsNaN));
    const take = and(or(better, and(equal, compare(nextIndex, index, 'LT'))), or(nextHoldsNaN, not(holdsNaN)));
    return [select(take, nextValue, value), select(take, nextIndex, index)];
  };
  const indices = iota({ dtype, shape: x.shape }, dimension);
  const initials = [scalar(identityOf(op, x.dtype), x.dtype), scalar(identityOf('add', dtype), dtype)];
  const scalars = [...initials, ...initials].map(({ dtype }) => ({ dtype, shape: [] }));
  // No gradient flows through indices, so the rule of reductions with any body is not needed.
  const operation = operationOf('reduce', { dimensions: [dimension], body: regionOf('reduce', body, scalars) });
  return applyMany(operation, [x, indices, ...initials])[1]!;
}

/** Indices of the largest elements; the first among equals, NaN before all. */
export function argMax(x: Tensor, dimension: number, dtype: DType = 'int32'): Tensor {
  return argReduce(x, dimension, dtype, 'maximum');
}

/** Indices of the smallest elements; the first among equals, NaN before all. */
export function argMin(x: Tensor, dimension: number, dtype: DType = 'int32'): Tensor {
  return argReduce(x, dimension, dtype, 'minimum');
}
