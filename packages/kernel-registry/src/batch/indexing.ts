/** Batching of gather, scatter and slices at computed places. */

import { assignRegion } from '../assign-region.js';
import type { Emitter, Value } from '../builder.js';
import { fill } from '../emit/constant.js';
import { dynamicSlice as emitSlice, dynamicUpdateSlice as emitUpdate } from '../emit/dynamic-slice.js';
import { convert, maximum, minimum } from '../emit/elementwise.js';
import { gather as emitGather, scatter as emitScatter } from '../emit/indexing.js';
import { reshape } from '../emit/movement.js';
import { type Shape, tensorType } from '../tensor-type.js';
import { type Batched, type BatchRule, type BatchRules, itemShape, mapped, shifted, spread } from './rule.js';

type IndexingOp = 'gather' | 'scatter' | 'dynamic_slice' | 'dynamic_update_slice';

const gather: BatchRule<'gather'> = ({ emitter, attributes: a, operands, size }) => {
  const [operand, indices] = operands as [Batched, Batched];
  // The batch goes along, or the whole of it is one more part of each slice.
  const moved = {
    ...a,
    offsetDims: shifted(a.offsetDims),
    collapsedSliceDims: operand.mapped ? shifted(a.collapsedSliceDims) : a.collapsedSliceDims,
    operandBatchingDims: operand.mapped ? shifted(a.operandBatchingDims) : a.operandBatchingDims,
    startIndexMap: operand.mapped ? shifted(a.startIndexMap) : a.startIndexMap,
    startIndicesBatchingDims: indices.mapped ? shifted(a.startIndicesBatchingDims) : a.startIndicesBatchingDims,
    indexVectorDim: indices.mapped ? a.indexVectorDim + 1 : a.indexVectorDim,
    indicesAreSorted: a.indicesAreSorted && !indices.mapped,
  };
  if (operand.mapped && indices.mapped) {
    moved.operandBatchingDims = [0, ...moved.operandBatchingDims];
    moved.startIndicesBatchingDims = [0, ...moved.startIndicesBatchingDims];
    moved.sliceSizes = [1, ...a.sliceSizes];
  } else if (operand.mapped) {
    moved.offsetDims = [0, ...moved.offsetDims];
    moved.sliceSizes = [size, ...a.sliceSizes];
  }
  return mapped([emitGather(emitter, operand.value, indices.value, moved)]);
};

const scatter: BatchRule<'scatter'> = ({ emitter, attributes: a, operands, size }) => {
  const values = operands.map((operand) => spread(emitter, operand, size));
  const count = (values.length - 1) / 2;
  return mapped(
    emitScatter(emitter, values.slice(0, count), values[count]!, values.slice(count + 1), {
      ...a,
      updateWindowDims: shifted(a.updateWindowDims),
      insertedWindowDims: shifted(a.insertedWindowDims),
      inputBatchingDims: [0, ...shifted(a.inputBatchingDims)],
      scatterIndicesBatchingDims: [0, ...shifted(a.scatterIndicesBatchingDims)],
      scatterDimsToOperandDims: shifted(a.scatterDimsToOperandDims),
      indexVectorDim: a.indexVectorDim + 1,
      indicesAreSorted: false,
    }),
  );
};

/** One row of start indices per item, clamped so that a part of this shape fits. */
function startRows(emitter: Emitter, starts: readonly Batched[], size: number, shape: Shape, part: Shape): Value {
  const columns = starts.map((start, axis) => {
    const wide = convert(emitter, spread(emitter, start, size), 'int32');
    const limit = fill(emitter, wide.type, shape[axis]! - part[axis]!);
    const clamped = maximum(emitter, minimum(emitter, wide, limit), fill(emitter, wide.type, 0));
    return reshape(emitter, clamped, [size, 1]);
  });
  return columns.length === 0
    ? fill(emitter, tensorType('int32', [size, 0]), 0)
    : emitter.emit('concatenate', columns, { dimension: 1 })[0]!;
}

const counted = (shape: Shape): number[] => shape.map((_, axis) => axis + 1);

const dynamicSlice: BatchRule<'dynamic_slice'> = ({ emitter, attributes: { sliceSizes }, operands, size }) => {
  const [operand, ...starts] = operands as [Batched, ...Batched[]];
  const fixed = starts.map(({ value }) => value);
  if (starts.every((start) => !start.mapped)) {
    const zero = firstStart(emitter, fixed);
    return mapped([emitSlice(emitter, operand.value, [zero, ...fixed], [size, ...sliceSizes])]);
  }
  const shape = itemShape(operand);
  const axes = shape.map((_, axis) => axis);
  return mapped([
    emitGather(emitter, operand.value, startRows(emitter, starts, size, shape, sliceSizes), {
      offsetDims: counted(shape),
      collapsedSliceDims: [],
      operandBatchingDims: operand.mapped ? [0] : [],
      startIndicesBatchingDims: operand.mapped ? [0] : [],
      startIndexMap: operand.mapped ? shifted(axes) : axes,
      indexVectorDim: 1,
      sliceSizes: operand.mapped ? [1, ...sliceSizes] : sliceSizes,
      indicesAreSorted: false,
    }),
  ]);
};

function firstStart(emitter: Emitter, starts: readonly Value[]): Value {
  return fill(emitter, starts[0]?.type ?? tensorType('int32', []), 0);
}

const dynamicUpdateSlice: BatchRule<'dynamic_update_slice'> = ({ emitter, operands, size }) => {
  const [operand, update, ...starts] = operands as [Batched, Batched, ...Batched[]];
  const into = spread(emitter, operand, size);
  const part = spread(emitter, update, size);
  const fixed = starts.map(({ value }) => value);
  if (starts.every((start) => !start.mapped)) {
    return mapped([emitUpdate(emitter, into, part, [firstStart(emitter, fixed), ...fixed])]);
  }
  const shape = itemShape(operand);
  return mapped(
    emitScatter(emitter, [into], startRows(emitter, starts, size, shape, itemShape(update)), [part], {
      updateWindowDims: counted(shape),
      insertedWindowDims: [],
      inputBatchingDims: [0],
      scatterIndicesBatchingDims: [0],
      scatterDimsToOperandDims: counted(shape),
      indexVectorDim: 1,
      indicesAreSorted: false,
      uniqueIndices: true,
      body: assignRegion(into.type.dtype),
    }),
  );
};

export const indexingBatch: BatchRules<IndexingOp> = {
  gather,
  scatter,
  dynamic_slice: dynamicSlice,
  dynamic_update_slice: dynamicUpdateSlice,
};
