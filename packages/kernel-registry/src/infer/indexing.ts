/** Type rules of gather and scatter, constraint by constraint as StableHLO states them. */

import { dtypes } from '../dtype.js';
import { formatType, type Shape, type TensorType, tensorType } from '../tensor-type.js';
import {
  argumentError,
  checkCount,
  checkDimensions,
  checkEqualShape,
  checkPerDimension,
  checkRegion,
  fail,
  formatTypes,
  type InferRule,
  type InferRules,
  shapeError,
} from './rule.js';

/** What gather and scatter share: how indices address the operand. */
interface Addressing {
  readonly op: string;
  readonly operand: Shape;
  readonly indices: TensorType;
  readonly indexVectorDim: number;
  /** Operand dimension that each component of an index vector addresses. */
  readonly indexMap: readonly number[];
  readonly operandBatching: readonly number[];
  readonly indicesBatching: readonly number[];
}

/** The shape of the indices without the dimension that holds the index vectors. */
function checkAddressing(addressing: Addressing): Shape {
  const { op, operand, indices, indexVectorDim, indexMap, operandBatching, indicesBatching } = addressing;
  const { kind } = dtypes[indices.dtype];
  if (kind !== 'int' && kind !== 'uint') fail('DTYPE_MISMATCH', op, 'bad indices', 'integers', formatType(indices));
  const rank = indices.shape.length;
  if (!Number.isInteger(indexVectorDim) || indexVectorDim < 0 || indexVectorDim > rank) {
    argumentError(op, 'indexVectorDim out of range', `0 … ${rank}`, `${indexVectorDim}`);
  }
  const components = indexVectorDim < rank ? indices.shape[indexVectorDim]! : 1;
  checkPerDimension(op, 'index map', indexMap, components);
  checkDimensions(op, 'operand batching and indexed dimensions', [...operandBatching, ...indexMap], operand.length);
  checkDimensions(op, 'operand batching dimensions', operandBatching, operand.length, true);
  checkDimensions(op, 'indices batching dimensions', indicesBatching, rank);
  if (indicesBatching.includes(indexVectorDim)) {
    argumentError(op, 'a batching dimension of the indices holds index vectors', 'another', `${indexVectorDim}`);
  }
  checkEqualShape(
    op,
    'batching dimensions differ in size',
    operandBatching.map((axis) => operand[axis]!),
    indicesBatching.map((axis) => indices.shape[axis]!),
  );
  if (operandBatching.length !== indicesBatching.length) {
    argumentError(op, 'batching dimensions differ in number', `${operandBatching.length}`, `${indicesBatching.length}`);
  }
  return indices.shape.filter((_, axis) => axis !== indexVectorDim);
}

/** Places `window` at `windowDims` and `batch`, in order, at the dimensions between. */
function interleave(batch: Shape, window: Shape, windowDims: readonly number[]): number[] {
  const shape = new Array<number>(batch.length + window.length);
  let nextBatch = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const position = windowDims.indexOf(axis);
    shape[axis] = position < 0 ? batch[nextBatch++]! : window[position]!;
  }
  return shape;
}

const gather: InferRule<'gather'> = (operands, attributes) => {
  const op = 'gather';
  checkCount(op, operands, 2);
  const [operand, indices] = operands as readonly [TensorType, TensorType];
  const { offsetDims, collapsedSliceDims, operandBatchingDims, sliceSizes } = attributes;
  const batch = checkAddressing({
    op,
    operand: operand.shape,
    indices,
    indexVectorDim: attributes.indexVectorDim,
    indexMap: attributes.startIndexMap,
    operandBatching: operandBatchingDims,
    indicesBatching: attributes.startIndicesBatchingDims,
  });
  const rank = operand.shape.length;
  checkPerDimension(op, 'sliceSizes', sliceSizes, rank, 0);
  checkDimensions(op, 'collapsedSliceDims', collapsedSliceDims, rank, true);
  const dropped = [...collapsedSliceDims, ...operandBatchingDims];
  checkDimensions(op, 'collapsed and batching dimensions', dropped, rank);
  sliceSizes.forEach((size, axis) => {
    const limit = dropped.includes(axis) ? Math.min(1, operand.shape[axis]!) : operand.shape[axis]!;
    if (size > limit) {
      const expected = `at most ${limit} in dimension ${axis}`;
      shapeError(op, 'slice too large', expected, `sliceSizes [${sliceSizes.join(',')}] of ${formatType(operand)}`);
    }
  });
  const offset = sliceSizes.filter((_, axis) => !dropped.includes(axis));
  checkPerDimension(op, 'offsetDims', offsetDims, offset.length);
  checkDimensions(op, 'offsetDims', offsetDims, batch.length + offset.length, true);
  return [{ dtype: operand.dtype, shape: interleave(batch, offset, offsetDims) }];
};

const scatter: InferRule<'scatter'> = (operands, attributes) => {
  const op = 'scatter';
  if (operands.length < 3 || operands.length % 2 === 0) {
    argumentError(op, 'wrong number of operands', 'n operands, indices, n updates', formatTypes(operands));
  }
  const n = (operands.length - 1) / 2;
  const inputs = operands.slice(0, n);
  const updates = operands.slice(n + 1);
  const operand = inputs[0]!.shape;
  const { updateWindowDims, insertedWindowDims, inputBatchingDims } = attributes;
  const batch = checkAddressing({
    op,
    operand,
    indices: operands[n]!,
    indexVectorDim: attributes.indexVectorDim,
    indexMap: attributes.scatterDimsToOperandDims,
    operandBatching: inputBatchingDims,
    indicesBatching: attributes.scatterIndicesBatchingDims,
  });
  checkDimensions(op, 'insertedWindowDims', insertedWindowDims, operand.length, true);
  const dropped = [...insertedWindowDims, ...inputBatchingDims];
  checkDimensions(op, 'inserted and batching dimensions', dropped, operand.length);
  const limits = operand.filter((_, axis) => !dropped.includes(axis));
  checkPerDimension(op, 'updateWindowDims', updateWindowDims, limits.length);
  const updateShape = updates[0]!.shape;
  checkDimensions(op, 'updateWindowDims', updateWindowDims, updateShape.length, true);
  const window = updateWindowDims.map((axis) => updateShape[axis]!);
  if (window.some((size, i) => size > limits[i]!)) {
    shapeError(op, 'update window too large', `at most [${limits.join(',')}]`, `[${window.join(',')}]`);
  }
  const expected = interleave(batch, window, updateWindowDims);
  checkScatterTypes(inputs, updates, expected);
  const scalars = inputs.map((type) => tensorType(type.dtype, []));
  checkRegion(op, 'body', attributes.body, [...scalars, ...scalars], scalars);
  return inputs;
};

function checkScatterTypes(inputs: readonly TensorType[], updates: readonly TensorType[], expected: Shape): void {
  inputs.forEach((input, i) => {
    const update = updates[i]!;
    checkEqualShape('scatter', 'operands differ in shape', inputs[0]!.shape, input.shape);
    checkEqualShape('scatter', 'updates have the wrong shape', expected, update.shape);
    if (input.dtype !== update.dtype) {
      fail('DTYPE_MISMATCH', 'scatter', 'operand and update differ in dtype', input.dtype, update.dtype);
    }
  });
}

export const indexingInfer: InferRules<'gather' | 'scatter'> = { gather, scatter };
