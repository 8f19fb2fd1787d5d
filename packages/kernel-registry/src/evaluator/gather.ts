/** gather and scatter, with batching dimensions. */

import { type Shape, stridesOf } from '../tensor-type.js';
import type { EvaluateRule } from './context.js';
import { advance, clamp, copyElement, offsetsOf, pick, remainingAxes } from './indexing.js';
import { cloneTensor } from './movement.js';
import { scalarRegion } from './region.js';
import { createTensor, integerAt, readerOf, type Scalar, type Tensor, writerOf } from './tensor.js';

interface IndexLayout {
  readonly indexVectorDim: number;
  /** Operand axis of each component of an index vector. */
  readonly indexMap: readonly number[];
  readonly operandBatching: readonly number[];
  readonly indicesBatching: readonly number[];
}

/** Calls `visit` with the window start on the operand for every index vector, in row-major order. */
function forEachStart(
  indices: Tensor,
  rank: number,
  layout: IndexLayout,
  visit: (start: number[], position: number) => void,
): void {
  const { shape } = indices.type;
  const { indexVectorDim, indexMap, operandBatching, indicesBatching } = layout;
  const batchAxes = remainingAxes(shape.length, [indexVectorDim]);
  const batchShape = pick(shape, batchAxes);
  const strides = [...stridesOf(shape), 1];
  const offsets = offsetsOf(batchShape, pick(strides, batchAxes));
  const index = new Array<number>(batchShape.length).fill(0);
  for (let position = 0; position < offsets.length; position++) {
    const start = new Array<number>(rank).fill(0);
    indexMap.forEach((axis, component) => {
      start[axis] = integerAt(indices, offsets[position]! + component * strides[indexVectorDim]!);
    });
    operandBatching.forEach((axis, i) => {
      start[axis] = index[batchAxes.indexOf(indicesBatching[i]!)]!;
    });
    visit(start, position);
    advance(index, batchShape);
  }
}

/** Offsets of the batch positions and of the window elements of a gather's result or a scatter's updates. */
function windowed(
  shape: Shape,
  windowAxes: readonly number[],
): { batch: Int32Array; window: Int32Array; windowShape: number[] } {
  const strides = stridesOf(shape);
  const batchAxes = remainingAxes(shape.length, windowAxes);
  const windowShape = pick(shape, windowAxes);
  return {
    batch: offsetsOf(pick(shape, batchAxes), pick(strides, batchAxes)),
    window: offsetsOf(windowShape, pick(strides, windowAxes)),
    windowShape,
  };
}

export const evaluateGather: EvaluateRule<'gather'> = ({ operands, attributes, results }) => {
  const [operand, indices] = operands;
  const { sliceSizes, collapsedSliceDims, operandBatchingDims } = attributes;
  const { shape } = operand!.type;
  const strides = stridesOf(shape);
  const result = createTensor(results[0]!);
  const to = windowed(result.type.shape, attributes.offsetDims);
  const sliceAxes = remainingAxes(shape.length, collapsedSliceDims, operandBatchingDims);
  const from = offsetsOf(pick(sliceSizes, sliceAxes), pick(strides, sliceAxes));
  const layout = {
    indexVectorDim: attributes.indexVectorDim,
    indexMap: attributes.startIndexMap,
    operandBatching: operandBatchingDims,
    indicesBatching: attributes.startIndicesBatchingDims,
  };
  forEachStart(indices!, shape.length, layout, (start, position) => {
    let offset = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      offset += clamp(start[axis]!, 0, shape[axis]! - sliceSizes[axis]!) * strides[axis]!;
    }
    for (let i = 0; i < from.length; i++) {
      copyElement(operand!, offset + from[i]!, result, to.batch[position]! + to.window[i]!);
    }
  });
  return [result];
};

export const evaluateScatter: EvaluateRule<'scatter'> = ({ operands, attributes }, context) => {
  const count = (operands.length - 1) / 2;
  const outputs = operands.slice(0, count).map(cloneTensor);
  const indices = operands[count]!;
  const updates = operands.slice(count + 1);
  const combine = scalarRegion(attributes.body, context);
  const { shape } = outputs[0]!.type;
  const strides = stridesOf(shape);
  const from = windowed(updates[0]!.type.shape, attributes.updateWindowDims);
  const windowAxes = remainingAxes(shape.length, attributes.insertedWindowDims, attributes.inputBatchingDims);
  const readers = [...outputs, ...updates].map(readerOf);
  const writers = outputs.map(writerOf);
  const args = new Array<Scalar>(2 * count).fill(0);

  const applyUpdate = (target: number, source: number): void => {
    for (let i = 0; i < count; i++) {
      args[i] = readers[i]!(target);
      args[count + i] = readers[count + i]!(source);
    }
    const combined = combine(args);
    for (let i = 0; i < count; i++) writers[i]!(target, combined[i]!);
  };

  const layout = {
    indexVectorDim: attributes.indexVectorDim,
    indexMap: attributes.scatterDimsToOperandDims,
    operandBatching: attributes.inputBatchingDims,
    indicesBatching: attributes.scatterIndicesBatchingDims,
  };
  forEachStart(indices, shape.length, layout, (start, position) => {
    const inWindow = new Array<number>(from.windowShape.length).fill(0);
    for (const offset of from.window) {
      const index = start.slice();
      windowAxes.forEach((axis, i) => {
        index[axis] = index[axis]! + inWindow[i]!;
      });
      // An element that lands outside is dropped; its neighbours in the window are not.
      if (index.every((at, axis) => at >= 0 && at < shape[axis]!)) {
        const target = index.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
        applyUpdate(target, from.batch[position]! + offset);
      }
      advance(inWindow, from.windowShape);
    }
  });
  return outputs;
};
