/** Result types of gather and scatter, and what is refused. */

import type { GatherAttributes, ScatterAttributes } from '../opset.js';
import { scalarRegion } from '../region.js';
import { type Bad, describeInfer, type Good } from './test-support/rows.js';

const add = scalarRegion('float32', 'add');
const gatherRows: GatherAttributes = {
  offsetDims: [1],
  collapsedSliceDims: [0],
  operandBatchingDims: [],
  startIndicesBatchingDims: [],
  startIndexMap: [0],
  indexVectorDim: 1,
  sliceSizes: [1, 8],
  indicesAreSorted: false,
};
const scatterRows: ScatterAttributes = {
  updateWindowDims: [1],
  insertedWindowDims: [0],
  inputBatchingDims: [],
  scatterIndicesBatchingDims: [],
  scatterDimsToOperandDims: [0],
  indexVectorDim: 1,
  indicesAreSorted: false,
  uniqueIndices: false,
  body: add,
};

const good: readonly Good[] = [
  { op: 'gather', operands: ['float32[100,8]', 'int32[5,1]'], attributes: gatherRows, results: ['float32[5,8]'] },
  {
    op: 'gather',
    operands: ['float32[4,9,8]', 'int32[4,5]'],
    attributes: {
      ...gatherRows,
      offsetDims: [2],
      collapsedSliceDims: [1],
      operandBatchingDims: [0],
      startIndicesBatchingDims: [0],
      startIndexMap: [1],
      indexVectorDim: 2,
      sliceSizes: [1, 1, 8],
    },
    results: ['float32[4,5,8]'],
  },
  {
    op: 'scatter',
    operands: ['float32[100,8]', 'int32[5,1]', 'float32[5,8]'],
    attributes: scatterRows,
    results: ['float32[100,8]'],
  },
];

const bad: readonly Bad[] = [
  {
    op: 'gather',
    operands: ['float32[100,8]', 'float32[5,1]'],
    attributes: gatherRows,
    code: 'DTYPE_MISMATCH',
    message: /bad indices/,
  },
  {
    op: 'gather',
    operands: ['float32[100,8]', 'int32[5,1]'],
    attributes: { ...gatherRows, sliceSizes: [2, 8] },
    code: 'SHAPE_MISMATCH',
    message: /at most 1 in dimension 0/,
  },
  {
    op: 'gather',
    operands: ['float32[100,8]', 'int32[5,2]'],
    attributes: gatherRows,
    code: 'INVALID_ARGUMENT',
    message: /index map has the wrong length, expected 2/,
  },
  {
    op: 'scatter',
    operands: ['float32[100,8]', 'int32[5,1]', 'float32[6,8]'],
    attributes: scatterRows,
    code: 'SHAPE_MISMATCH',
    message: /expected \[5,8\], received \[6,8\]/,
  },
  {
    op: 'scatter',
    operands: ['int8[100,8]', 'int32[5,1]', 'int8[5,8]'],
    attributes: scatterRows,
    code: 'INVALID_PROGRAM',
    message: /body has the wrong signature, expected \(int8\[\], int8\[\]\)/,
  },
];

describeInfer('indexing', good, bad);
