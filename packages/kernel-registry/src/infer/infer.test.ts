import { describe, expect, it } from 'vitest';
import { infer } from '../any-op.js';
import type { DType } from '../dtype.js';
import type { CeratopsError } from '../errors.js';
import type { ConvolutionAttributes, GatherAttributes, OpAttributes, OpName, ScatterAttributes } from '../opset.js';
import { comparatorRegion, scalarRegion } from '../region.js';
import { formatType, type TensorType } from '../tensor-type.js';

/** `f32[2,3]` style shorthand, with Ceratops' dtype names. */
function t(text: string): TensorType {
  const [, dtype, dimensions] = /^(\w+)\[(.*)\]$/.exec(text)!;
  return { dtype: dtype as DType, shape: dimensions === '' ? [] : dimensions!.split(',').map(Number) };
}

function inferred<O extends OpName>(op: O, operands: readonly string[], attributes: OpAttributes[O]): string[] {
  return infer(op, operands.map(t), attributes).map(formatType);
}

interface Good {
  readonly op: OpName;
  readonly operands: readonly string[];
  readonly attributes?: unknown;
  readonly results: readonly string[];
}

interface Bad extends Omit<Good, 'results'> {
  readonly code: CeratopsError['code'];
  readonly message: RegExp;
}

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
const pool = {
  windowDimensions: [1, 2],
  windowStrides: [1, 2],
  padding: [
    [0, 0],
    [0, 1],
  ],
} as const;
const dot = {
  lhsBatchingDimensions: [0],
  rhsBatchingDimensions: [0],
  lhsContractingDimensions: [2],
  rhsContractingDimensions: [1],
  precision: 'default',
  dtype: 'float32',
};
const solve = { leftSide: true, lower: true, unitDiagonal: false, transposeA: 'NO_TRANSPOSE' };

const good: readonly Good[] = [
  { op: 'add', operands: ['float32[2,3]', 'float32[2,3]'], results: ['float32[2,3]'] },
  { op: 'add', operands: ['bool[]', 'bool[]'], results: ['bool[]'] },
  { op: 'abs', operands: ['complex64[4]'], results: ['float32[4]'] },
  { op: 'is_finite', operands: ['bfloat16[4]'], results: ['bool[4]'] },
  { op: 'complex', operands: ['float64[2]', 'float64[2]'], results: ['complex128[2]'] },
  { op: 'imag', operands: ['float32[2]'], results: ['float32[2]'] },
  { op: 'compare', operands: ['int8[2]', 'int8[2]'], attributes: { direction: 'LT' }, results: ['bool[2]'] },
  { op: 'select', operands: ['bool[]', 'int8[2]', 'int8[2]'], results: ['int8[2]'] },
  { op: 'convert', operands: ['int8[2]'], attributes: { dtype: 'float16' }, results: ['float16[2]'] },
  { op: 'bitcast_convert', operands: ['uint32[2]'], attributes: { type: t('uint8[2,4]') }, results: ['uint8[2,4]'] },
  { op: 'bitcast_convert', operands: ['uint8[2,4]'], attributes: { type: t('float32[2]') }, results: ['float32[2]'] },
  {
    op: 'constant',
    operands: [],
    attributes: { value: { type: t('int64[3]'), data: new BigInt64Array(1) } },
    results: ['int64[3]'],
  },
  { op: 'iota', operands: [], attributes: { type: t('int32[2,5]'), dimension: 1 }, results: ['int32[2,5]'] },
  { op: 'reshape', operands: ['float32[2,6]'], attributes: { shape: [3, 4] }, results: ['float32[3,4]'] },
  { op: 'reshape', operands: ['float32[0,6]'], attributes: { shape: [0] }, results: ['float32[0]'] },
  {
    op: 'broadcast_in_dim',
    operands: ['float32[1,3]'],
    attributes: { shape: [3, 2, 5], broadcastDimensions: [1, 0] },
    results: ['float32[3,2,5]'],
  },
  {
    op: 'transpose',
    operands: ['float32[2,3,4]'],
    attributes: { permutation: [2, 0, 1] },
    results: ['float32[4,2,3]'],
  },
  {
    op: 'slice',
    operands: ['float32[10]'],
    attributes: { startIndices: [1], limitIndices: [8], strides: [3] },
    results: ['float32[3]'],
  },
  {
    op: 'pad',
    operands: ['float32[3]', 'float32[]'],
    attributes: { low: [-1], high: [2], interior: [1] },
    results: ['float32[6]'],
  },
  {
    op: 'pad',
    operands: ['float32[0]', 'float32[]'],
    attributes: { low: [1], high: [2], interior: [5] },
    results: ['float32[3]'],
  },
  { op: 'concatenate', operands: ['int8[2,1]', 'int8[2,3]'], attributes: { dimension: 1 }, results: ['int8[2,4]'] },
  { op: 'reverse', operands: ['int8[2,1]'], attributes: { dimensions: [0] }, results: ['int8[2,1]'] },
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
  {
    op: 'dynamic_slice',
    operands: ['float32[9,9]', 'int32[]', 'int32[]'],
    attributes: { sliceSizes: [2, 9] },
    results: ['float32[2,9]'],
  },
  { op: 'dynamic_update_slice', operands: ['float32[9]', 'float32[3]', 'uint8[]'], results: ['float32[9]'] },
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
  {
    op: 'reduce',
    operands: ['float32[2,3,4]', 'float32[]'],
    attributes: { dimensions: [0, 2], body: add },
    results: ['float32[3]'],
  },
  {
    op: 'reduce_window',
    operands: ['float32[3,4]', 'float32[]'],
    attributes: { ...pool, baseDilations: [1, 1], windowDilations: [1, 2], body: add },
    results: ['float32[3,2]'],
  },
  {
    op: 'reduce_window',
    operands: ['float32[3,1]', 'float32[]'],
    attributes: { ...pool, baseDilations: [1, 1], windowDilations: [1, 9], body: add },
    results: ['float32[3,0]'],
  },
  {
    op: 'select_and_scatter',
    operands: ['float32[3,4]', 'float32[3,2]', 'float32[]'],
    attributes: { ...pool, select: comparatorRegion(['float32'], 'GE'), scatter: add },
    results: ['float32[3,4]'],
  },
  {
    op: 'sort',
    operands: ['float32[3,4]', 'int32[3,4]'],
    attributes: { dimension: 1, isStable: true, comparator: comparatorRegion(['float32', 'int32'], 'LT') },
    results: ['float32[3,4]', 'int32[3,4]'],
  },
  {
    op: 'fft',
    operands: ['float32[7,8]'],
    attributes: { fftType: 'RFFT', fftLength: [8] },
    results: ['complex64[7,5]'],
  },
  {
    op: 'fft',
    operands: ['complex64[7,5]'],
    attributes: { fftType: 'IRFFT', fftLength: [9] },
    results: ['float32[7,9]'],
  },
  { op: 'cholesky', operands: ['float64[2,3,3]'], attributes: { lower: true }, results: ['float64[2,3,3]'] },
  { op: 'triangular_solve', operands: ['float32[3,3]', 'float32[3,5]'], attributes: solve, results: ['float32[3,5]'] },
  {
    op: 'custom_call',
    operands: ['float32[3]'],
    attributes: { target: 'x', config: {}, results: [t('int8[1]')] },
    results: ['int8[1]'],
  },
  { op: 'optimization_barrier', operands: ['float32[3]', 'int8[]'], results: ['float32[3]', 'int8[]'] },
];

const bad: readonly Bad[] = [
  {
    op: 'add',
    operands: ['float32[2]', 'float32[3]'],
    code: 'SHAPE_MISMATCH',
    message: /^add: operands differ in shape, expected .*, received float32\[2\], float32\[3\]$/,
  },
  {
    op: 'add',
    operands: ['float32[2]', 'int32[2]'],
    code: 'DTYPE_MISMATCH',
    message: /operands differ in dtype, expected all float32/,
  },
  {
    op: 'add',
    operands: ['float32[2]'],
    code: 'INVALID_ARGUMENT',
    message: /wrong number of operands, expected 2, received 1/,
  },
  { op: 'subtract', operands: ['bool[2]', 'bool[2]'], code: 'DTYPE_MISMATCH', message: /received bool\[2\]/ },
  {
    op: 'exponential',
    operands: ['int32[2]'],
    code: 'DTYPE_MISMATCH',
    message: /expected a dtype of kind float, complex, received int32\[2\]/,
  },
  { op: 'not', operands: ['float32[]'], code: 'DTYPE_MISMATCH', message: /bool, int, uint/ },
  {
    op: 'complex',
    operands: ['float16[]', 'float16[]'],
    code: 'DTYPE_MISMATCH',
    message: /float32 or float64, received float16/,
  },
  {
    op: 'compare',
    operands: ['complex64[]', 'complex64[]'],
    attributes: { direction: 'LT' },
    code: 'DTYPE_MISMATCH',
    message: /no order/,
  },
  {
    op: 'compare',
    operands: ['int8[]', 'int8[]'],
    attributes: { direction: 'lt' },
    code: 'INVALID_ARGUMENT',
    message: /bad direction/,
  },
  {
    op: 'select',
    operands: ['int8[]', 'int8[2]', 'int8[2]'],
    code: 'DTYPE_MISMATCH',
    message: /predicate is not bool/,
  },
  {
    op: 'select',
    operands: ['bool[3]', 'int8[2]', 'int8[2]'],
    code: 'SHAPE_MISMATCH',
    message: /bool\[\] or bool\[2\]/,
  },
  {
    op: 'bitcast_convert',
    operands: ['uint32[2]'],
    attributes: { type: t('uint8[2]') },
    code: 'SHAPE_MISMATCH',
    message: /uint8\[2,4\]/,
  },
  {
    op: 'bitcast_convert',
    operands: ['bool[2]'],
    attributes: { type: t('uint8[2]') },
    code: 'DTYPE_MISMATCH',
    message: /bool → uint8/,
  },
  {
    op: 'constant',
    operands: [],
    attributes: { value: { type: t('int8[3]'), data: new Int8Array(2) } },
    code: 'INVALID_ARGUMENT',
    message: /3 elements or one, received 2/,
  },
  {
    op: 'constant',
    operands: [],
    attributes: { value: { type: t('int8[3]'), data: new Int16Array(3) } },
    code: 'DTYPE_MISMATCH',
    message: /Int8Array for int8, received Int16Array/,
  },
  {
    op: 'iota',
    operands: [],
    attributes: { type: t('int8[3]'), dimension: 1 },
    code: 'INVALID_ARGUMENT',
    message: /dimension out of range/,
  },
  {
    op: 'reshape',
    operands: ['int8[3]'],
    attributes: { shape: [2] },
    code: 'SHAPE_MISMATCH',
    message: /a shape of 3 elements/,
  },
  {
    op: 'broadcast_in_dim',
    operands: ['int8[3]'],
    attributes: { shape: [2], broadcastDimensions: [0] },
    code: 'SHAPE_MISMATCH',
    message: /dimension 0 to be 1 or 2/,
  },
  {
    op: 'broadcast_in_dim',
    operands: ['int8[3]'],
    attributes: { shape: [3], broadcastDimensions: [] },
    code: 'INVALID_ARGUMENT',
    message: /wrong length/,
  },
  {
    op: 'transpose',
    operands: ['int8[3,4]'],
    attributes: { permutation: [0, 0] },
    code: 'INVALID_ARGUMENT',
    message: /repeats/,
  },
  {
    op: 'slice',
    operands: ['int8[3]'],
    attributes: { startIndices: [0], limitIndices: [4], strides: [1] },
    code: 'SHAPE_MISMATCH',
    message: /out of bounds/,
  },
  {
    op: 'slice',
    operands: ['int8[3]'],
    attributes: { startIndices: [0], limitIndices: [3], strides: [0] },
    code: 'INVALID_ARGUMENT',
    message: /bad strides/,
  },
  {
    op: 'pad',
    operands: ['int8[3]', 'int8[]'],
    attributes: { low: [-4], high: [0], interior: [0] },
    code: 'SHAPE_MISMATCH',
    message: /crops more/,
  },
  {
    op: 'concatenate',
    operands: ['int8[2,1]', 'int8[3,1]'],
    attributes: { dimension: 1 },
    code: 'SHAPE_MISMATCH',
    message: /except in dimension 1/,
  },
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
  {
    op: 'dynamic_slice',
    operands: ['float32[9]', 'float32[]'],
    attributes: { sliceSizes: [2] },
    code: 'DTYPE_MISMATCH',
    message: /an integer scalar/,
  },
  {
    op: 'dynamic_slice',
    operands: ['float32[9]', 'int32[]'],
    attributes: { sliceSizes: [10] },
    code: 'SHAPE_MISMATCH',
    message: /larger than the operand/,
  },
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
  {
    op: 'reduce',
    operands: ['float32[2,3]', 'float32[]'],
    attributes: { dimensions: [2], body: add },
    code: 'INVALID_ARGUMENT',
    message: /integers in \[0, 2\)/,
  },
  {
    op: 'reduce',
    operands: ['float32[2,3]', 'float32[1]'],
    attributes: { dimensions: [0], body: add },
    code: 'SHAPE_MISMATCH',
    message: /not a scalar/,
  },
  {
    op: 'select_and_scatter',
    operands: ['float32[3,4]', 'float32[3,3]', 'float32[]'],
    attributes: { ...pool, select: comparatorRegion(['float32'], 'GE'), scatter: add },
    code: 'SHAPE_MISMATCH',
    message: /expected \[3,2\], received \[3,3\]/,
  },
  {
    op: 'sort',
    operands: ['float32[3]'],
    attributes: { dimension: 0, isStable: true, comparator: add },
    code: 'INVALID_PROGRAM',
    message: /comparator/,
  },
  {
    op: 'while',
    operands: ['float32[]'],
    attributes: { condition: add, body: add },
    code: 'INVALID_PROGRAM',
    message: /while: condition/,
  },
  {
    op: 'case',
    operands: ['int64[]'],
    attributes: { branches: [add] },
    code: 'DTYPE_MISMATCH',
    message: /int32\[\], received int64/,
  },
  {
    op: 'case',
    operands: ['int32[]', 'float32[]'],
    attributes: { branches: [add] },
    code: 'INVALID_PROGRAM',
    message: /branch 0/,
  },
  {
    op: 'fft',
    operands: ['float32[7,8]'],
    attributes: { fftType: 'FFT', fftLength: [8] },
    code: 'DTYPE_MISMATCH',
    message: /complex/,
  },
  {
    op: 'cholesky',
    operands: ['float32[3,4]'],
    attributes: { lower: true },
    code: 'SHAPE_MISMATCH',
    message: /not square/,
  },
  {
    op: 'triangular_solve',
    operands: ['float32[3,3]', 'float32[4,5]'],
    attributes: solve,
    code: 'SHAPE_MISMATCH',
    message: /expected \[3,5\]/,
  },
  {
    op: 'composite',
    operands: [],
    attributes: { name: 'ceratops.sofmax@1', attributes: {} },
    code: 'UNKNOWN_NAME',
    message: /ceratops.sofmax@1/,
  },
];

const describeCase = ({ op, operands }: Omit<Good, 'results'>): string => `${op}(${operands.join(', ')})`;

describe('infer', () => {
  it.each(good.map((row) => [describeCase(row), row] as const))('%s', (_, { op, operands, attributes, results }) => {
    expect(inferred(op, operands, (attributes ?? {}) as never)).toEqual(results);
  });

  it.each(bad.map((row) => [describeCase(row), row] as const))(
    'refuses %s',
    (_, { op, operands, attributes, code, message }) => {
      const act = (): unknown => inferred(op, operands, (attributes ?? {}) as never);
      expect(act).toThrowError(expect.objectContaining({ name: 'CeratopsError', code }));
      expect(act).toThrow(message);
    },
  );

  it('does not hand the operand list out', () => {
    const operands = [t('float32[2]'), t('float32[2]')];
    expect(infer('optimization_barrier', operands, {})).not.toBe(operands);
    expect(infer('negate', [operands[0]!], {})).toEqual([operands[0]]);
  });
});
