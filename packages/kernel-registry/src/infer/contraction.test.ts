/** Result types of dot_general and convolution, and what is refused. */

import type { ConvolutionAttributes } from '../opset.js';
import { type Bad, describeInfer, type Good } from './test-support/rows.js';

const conv: ConvolutionAttributes = {
  windowStrides: [2, 1],
  padding: [
    [1, 1],
    [0, 0],
  ],
  lhsDilation: [1, 1],
  rhsDilation: [1, 2],
  windowReversal: [false, false],
  inputBatchDimension: 0,
  inputFeatureDimension: 3,
  inputSpatialDimensions: [1, 2],
  kernelInputFeatureDimension: 2,
  kernelOutputFeatureDimension: 3,
  kernelSpatialDimensions: [0, 1],
  outputBatchDimension: 0,
  outputFeatureDimension: 3,
  outputSpatialDimensions: [1, 2],
  featureGroupCount: 1,
  batchGroupCount: 1,
  precision: 'default',
  dtype: 'float32',
};
const dot = {
  lhsBatchingDimensions: [0],
  rhsBatchingDimensions: [0],
  lhsContractingDimensions: [2],
  rhsContractingDimensions: [1],
  precision: 'default',
  dtype: 'float32',
};

const good: readonly Good[] = [
  { op: 'dot_general', operands: ['float32[5,2,3]', 'float32[5,3,4]'], attributes: dot, results: ['float32[5,2,4]'] },
  {
    op: 'dot_general',
    operands: ['int8[5,2,3]', 'int8[5,3,4]'],
    attributes: { ...dot, dtype: 'int32' },
    results: ['int32[5,2,4]'],
  },
  {
    op: 'convolution',
    operands: ['float32[8,10,9,4]', 'float32[3,3,4,6]'],
    attributes: conv,
    results: ['float32[8,5,5,6]'],
  },
  {
    op: 'convolution',
    operands: ['float32[8,10,9,4]', 'float32[3,3,1,12]'],
    attributes: { ...conv, featureGroupCount: 4 },
    results: ['float32[8,5,5,12]'],
  },
  {
    op: 'convolution',
    operands: ['float32[8,10,9,4]', 'float32[3,3,4,6]'],
    attributes: { ...conv, batchGroupCount: 2 },
    results: ['float32[4,5,5,6]'],
  },
  {
    op: 'convolution',
    operands: ['float32[8,4,9,4]', 'float32[3,3,4,6]'],
    attributes: {
      ...conv,
      lhsDilation: [3, 1],
      padding: [
        [-2, -1],
        [0, 0],
      ],
    },
    results: ['float32[8,3,5,6]'],
  },
];

const bad: readonly Bad[] = [
  {
    op: 'dot_general',
    operands: ['float32[5,2,3]', 'float32[5,4,4]'],
    attributes: dot,
    code: 'SHAPE_MISMATCH',
    message: /contracting dimensions do not fit/,
  },
  {
    op: 'dot_general',
    operands: ['float32[5,2,3]', 'float32[5,3,4]'],
    attributes: { ...dot, dtype: 'int32' },
    code: 'DTYPE_MISMATCH',
    message: /another kind, expected float/,
  },
  {
    op: 'convolution',
    operands: ['float32[8,10,9,4]', 'float32[3,3,5,6]'],
    attributes: conv,
    code: 'SHAPE_MISMATCH',
    message: /input features do not fit the kernel/,
  },
  {
    op: 'convolution',
    operands: ['float32[8,10,9,4]', 'float32[3,3,2,5]'],
    attributes: { ...conv, featureGroupCount: 2 },
    code: 'SHAPE_MISMATCH',
    message: /divide into groups/,
  },
  {
    op: 'convolution',
    operands: ['float32[8,10,9,4]', 'float32[3,4,6]'],
    attributes: conv,
    code: 'SHAPE_MISMATCH',
    message: /one rank/,
  },
];

describeInfer('contraction', good, bad);
