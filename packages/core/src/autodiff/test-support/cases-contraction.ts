import type { ConvolutionAttributes, DotGeneralAttributes } from '@ceratops/kernel-registry';
import { floats, type GradientCase, op } from './case.js';

const dot: DotGeneralAttributes = {
  lhsBatchingDimensions: [],
  rhsBatchingDimensions: [],
  lhsContractingDimensions: [1],
  rhsContractingDimensions: [0],
  precision: 'default',
  dtype: 'float64',
};

/** NHWC input, HWIO kernel. */
const plain: ConvolutionAttributes = {
  windowStrides: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
  lhsDilation: [1, 1],
  rhsDilation: [1, 1],
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
  dtype: 'float64',
};

function convolution(
  note: string,
  input: readonly number[],
  kernel: readonly number[],
  attributes: Partial<ConvolutionAttributes>,
): GradientCase {
  return op('convolution', [floats(input), floats(kernel, -2, 2, 2)], { ...plain, ...attributes }, note);
}

/** NCW input, OIW kernel, WNC output. */
const otherNumbers: Partial<ConvolutionAttributes> = {
  windowStrides: [2],
  padding: [[1, 0]],
  lhsDilation: [1],
  rhsDilation: [1],
  windowReversal: [false],
  inputBatchDimension: 0,
  inputFeatureDimension: 1,
  inputSpatialDimensions: [2],
  kernelInputFeatureDimension: 1,
  kernelOutputFeatureDimension: 0,
  kernelSpatialDimensions: [2],
  outputBatchDimension: 1,
  outputFeatureDimension: 2,
  outputSpatialDimensions: [0],
};

const everything: Partial<ConvolutionAttributes> = {
  windowStrides: [2, 1],
  padding: [
    [2, 1],
    [-1, 3],
  ],
  lhsDilation: [1, 3],
  rhsDilation: [2, 1],
  windowReversal: [true, false],
};

export const contractionCases: readonly GradientCase[] = [
  op('dot_general', [floats([2, 3]), floats([3, 4], -2, 2, 2)], dot),
  op(
    'dot_general',
    [floats([2, 3, 2, 2]), floats([2, 3, 2, 3], -2, 2, 2)],
    {
      ...dot,
      lhsBatchingDimensions: [2],
      rhsBatchingDimensions: [0],
      lhsContractingDimensions: [3, 1],
      rhsContractingDimensions: [2, 3],
    },
    'batch in the middle, two contractions out of order',
  ),
  op(
    'dot_general',
    [floats([2, 3]), floats([4], -2, 2, 2)],
    { ...dot, lhsContractingDimensions: [], rhsContractingDimensions: [] },
    'outer product',
  ),
  op(
    'dot_general',
    [floats([3, 2, 2]), floats([2, 2, 3], -2, 2, 2)],
    {
      ...dot,
      lhsBatchingDimensions: [1, 0],
      rhsBatchingDimensions: [0, 2],
      lhsContractingDimensions: [2],
      rhsContractingDimensions: [1],
    },
    'two batches exchanged',
  ),
  convolution('valid', [2, 4, 3, 2], [2, 2, 2, 3], {}),
  convolution('strides leave a rest', [1, 6, 5, 1], [2, 3, 1, 2], { windowStrides: [3, 2] }),
  convolution('padding, negative too', [1, 4, 5, 1], [3, 2, 1, 2], {
    padding: [
      [1, 2],
      [-1, 1],
    ],
  }),
  convolution('kernel dilation', [1, 6, 5, 1], [2, 3, 1, 2], { rhsDilation: [3, 2] }),
  convolution('input dilation', [1, 3, 3, 1], [2, 3, 1, 2], { lhsDilation: [2, 3] }),
  convolution('window reversal', [1, 4, 4, 2], [2, 3, 2, 1], { windowReversal: [true, false] }),
  convolution('everything at once', [1, 5, 4, 2], [2, 3, 2, 2], everything),
  convolution('feature groups', [2, 3, 3, 4], [2, 2, 2, 6], { featureGroupCount: 2 }),
  convolution('depthwise with everything', [1, 4, 3, 3], [2, 2, 1, 6], { ...everything, featureGroupCount: 3 }),
  convolution('batch groups', [4, 3, 3, 2], [2, 2, 2, 4], { batchGroupCount: 2 }),
  convolution('batch groups with everything', [2, 4, 3, 1], [2, 2, 1, 4], { ...everything, batchGroupCount: 2 }),
  convolution('other dimension numbers', [2, 3, 5], [2, 3, 2], otherNumbers),
  convolution('other dimension numbers, feature groups', [2, 4, 5], [4, 2, 2], {
    ...otherNumbers,
    featureGroupCount: 2,
  }),
  convolution('other dimension numbers, batch groups', [4, 2, 5], [4, 2, 2], { ...otherNumbers, batchGroupCount: 2 }),
  convolution('no spatial dimension', [2, 3], [3, 4], {
    windowStrides: [],
    padding: [],
    lhsDilation: [],
    rhsDilation: [],
    windowReversal: [],
    inputFeatureDimension: 1,
    inputSpatialDimensions: [],
    kernelInputFeatureDimension: 0,
    kernelOutputFeatureDimension: 1,
    kernelSpatialDimensions: [],
    outputFeatureDimension: 1,
    outputSpatialDimensions: [],
  }),
  convolution('kernel larger than the input', [1, 2, 2, 1], [3, 3, 1, 2], {}),
];
