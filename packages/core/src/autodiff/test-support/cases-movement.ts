import { type GatherAttributes, type Program, type ScatterAttributes, scalarRegion } from '@ceratops/kernel-registry';
import { assignRegion } from '@ceratops/kernel-registry/regions';
import { distinct, floats, type GradientCase, integers, nonZero, op } from './case.js';

/** Rows of a [5, 3] operand at indices [n, 1]; the last index is out of bounds. */
const rows: GatherAttributes = {
  offsetDims: [1],
  collapsedSliceDims: [0],
  operandBatchingDims: [],
  startIndicesBatchingDims: [],
  startIndexMap: [0],
  indexVectorDim: 1,
  sliceSizes: [1, 3],
  indicesAreSorted: false,
};

/** [2, 2] windows of a [4, 5] operand at index pairs that lie along the first dimension of the indices. */
const windows: GatherAttributes = {
  offsetDims: [0, 2],
  collapsedSliceDims: [],
  operandBatchingDims: [],
  startIndicesBatchingDims: [],
  startIndexMap: [1, 0],
  indexVectorDim: 0,
  sliceSizes: [2, 2],
  indicesAreSorted: false,
};

/** One element per row of a [3, 4] operand. */
const batched: GatherAttributes = {
  offsetDims: [],
  collapsedSliceDims: [1],
  operandBatchingDims: [0],
  startIndicesBatchingDims: [0],
  startIndexMap: [1],
  indexVectorDim: 2,
  sliceSizes: [1, 1],
  indicesAreSorted: false,
};

function scatterRows(body: Program, uniqueIndices = false): ScatterAttributes {
  return {
    updateWindowDims: [1],
    insertedWindowDims: [0],
    inputBatchingDims: [],
    scatterIndicesBatchingDims: [],
    scatterDimsToOperandDims: [0],
    indexVectorDim: 1,
    indicesAreSorted: false,
    uniqueIndices,
    body,
  };
}

function scatterWindows(body: Program): ScatterAttributes {
  return {
    updateWindowDims: [0, 2],
    insertedWindowDims: [],
    inputBatchingDims: [],
    scatterIndicesBatchingDims: [],
    scatterDimsToOperandDims: [1, 0],
    indexVectorDim: 0,
    indicesAreSorted: false,
    uniqueIndices: false,
    body,
  };
}

const add = scalarRegion('float64', 'add');
const assign = assignRegion('float64');
const repeated = integers([4, 1], [3, 0, 3, 9]);
const unique = integers([3, 1], [4, 0, 2]);
const pairs = integers([2, 3], [0, 3, 4, 2, 1, 0]);
const operand = (): GradientCase['inputs'][number] => floats([5, 3]);
const updates = (count: number): GradientCase['inputs'][number] => floats([count, 3], -2, 2, 2);

export const movementCases: readonly GradientCase[] = [
  op('reshape', [floats([2, 6])], { shape: [3, 4] }),
  op('broadcast_in_dim', [floats([3])], { shape: [2, 3, 4], broadcastDimensions: [1] }),
  op('broadcast_in_dim', [floats([3, 1])], { shape: [2, 3, 4], broadcastDimensions: [1, 2] }, 'stretches size 1'),
  op('broadcast_in_dim', [floats([4, 3])], { shape: [3, 2, 4], broadcastDimensions: [2, 0] }, 'transposes'),
  op('broadcast_in_dim', [floats([])], { shape: [2, 2], broadcastDimensions: [] }, 'a scalar'),
  op('transpose', [floats([2, 3, 4])], { permutation: [2, 0, 1] }),
  op('slice', [floats([5, 6])], { startIndices: [1, 0], limitIndices: [5, 6], strides: [2, 4] }),
  op('slice', [floats([3, 4])], { startIndices: [1, 2], limitIndices: [1, 4], strides: [1, 1] }, 'empty'),
  op('pad', [floats([2, 3]), floats([])], { low: [1, 0], high: [0, 2], interior: [1, 2] }),
  op('pad', [floats([4, 5]), floats([])], { low: [-1, 2], high: [1, -2], interior: [0, 1] }, 'negative'),
  op('pad', [floats([4]), floats([])], { low: [-2], high: [-3], interior: [1] }, 'crops through holes'),
  op('concatenate', [floats([2, 2]), floats([2, 1], -2, 2, 2), floats([2, 3], -2, 2, 3)], { dimension: 1 }),
  op('reverse', [floats([2, 3, 2])], { dimensions: [0, 2] }),
  op('dynamic_slice', [floats([4, 5]), integers([], [1]), integers([], [9])], { sliceSizes: [2, 3] }),
  op('dynamic_update_slice', [floats([4, 5]), floats([2, 3], -2, 2, 2), integers([], [-1]), integers([], [1])], {}),
  op('gather', [operand(), repeated], rows, 'rows, repeated and out of bounds'),
  op('gather', [floats([4, 5]), pairs], windows, 'overlapping windows'),
  op('gather', [floats([3, 4]), integers([3, 2, 1], [0, 3, 1, 1, 2, 0])], batched, 'batched'),
  op('scatter', [operand(), repeated, updates(4)], scatterRows(add), 'add'),
  op('scatter', [operand(), repeated, updates(4)], scatterRows(assign), 'assign, the last of several wins'),
  op('scatter', [operand(), unique, updates(3)], scatterRows(assign, true), 'assign, unique'),
  op(
    'scatter',
    [nonZero([5, 3]), unique, nonZero([3, 3], 0.3, 2)],
    scatterRows(scalarRegion('float64', 'multiply'), true),
    'multiply',
  ),
  op(
    'scatter',
    [distinct([5, 3]), repeated, floats([4, 3], -1.9, 3, 5)],
    scatterRows(scalarRegion('float64', 'maximum')),
    'maximum',
  ),
  op(
    'scatter',
    [distinct([5, 3]), repeated, floats([4, 3], -1.9, 3, 5)],
    scatterRows(scalarRegion('float64', 'minimum')),
    'minimum',
  ),
  op('scatter', [floats([4, 5]), pairs, floats([2, 3, 2], -2, 2, 2)], scatterWindows(add), 'add, windows'),
  op('scatter', [floats([4, 5]), pairs, floats([2, 3, 2], -2, 2, 2)], scatterWindows(assign), 'assign, windows'),
];
