/** Text of dot, convolution, gather and scatter: the ops with dimension numbers. */

import type { ConvolutionAttributes, Precision } from '../opset.js';
import { type Fields, printArray, printPairs } from './attributes.js';
import { enumerator, type OpText, type OpTexts, type ReadContext, struct } from './op-text.js';

/**
 * StableHLO's DEFAULT lets a device use narrower products, which is our `fast`; our `default` is exact float32, which
 * is its HIGHEST. Text that says nothing gets exact products.
 */
const precisionWords: { readonly [P in Precision]: string } = { default: 'HIGHEST', fast: 'DEFAULT' };

function printPrecision(precision: Precision): string {
  const word = enumerator('precision', precisionWords[precision]);
  return `[${word}, ${word}]`;
}

function readPrecision(fields: Fields): Precision {
  const attribute = fields.get('precision_config');
  if (attribute?.kind !== 'array' || attribute.items.length === 0) return 'default';
  const fast = attribute.items.every((item) => item.kind === 'words' && item.words.includes('DEFAULT'));
  return fast ? 'fast' : 'default';
}

const dotGeneral: OpText<'dot_general'> = {
  write: ({ attributes }) => [
    [
      'dot_dimension_numbers',
      struct('dot', [
        ['lhs_batching_dimensions', attributes.lhsBatchingDimensions],
        ['rhs_batching_dimensions', attributes.rhsBatchingDimensions],
        ['lhs_contracting_dimensions', attributes.lhsContractingDimensions],
        ['rhs_contracting_dimensions', attributes.rhsContractingDimensions],
      ]),
    ],
    ['precision_config', printPrecision(attributes.precision)],
  ],
  read({ fields, resultTypes }) {
    const numbers = fields.dictionary('dot_dimension_numbers');
    return {
      lhsBatchingDimensions: numbers.integers('lhs_batching_dimensions', []),
      rhsBatchingDimensions: numbers.integers('rhs_batching_dimensions', []),
      lhsContractingDimensions: numbers.integers('lhs_contracting_dimensions', []),
      rhsContractingDimensions: numbers.integers('rhs_contracting_dimensions', []),
      precision: readPrecision(fields),
      dtype: resultTypes[0]!.dtype,
    };
  },
};

/** Places the labels of a dimension list: `[b, 0, 1, f]`. */
function labels(entries: readonly (readonly [string, number])[], spatial: readonly number[]): string {
  const list = new Array<string>(entries.length + spatial.length);
  for (const [label, dimension] of entries) list[dimension] = label;
  spatial.forEach((dimension, i) => {
    list[dimension] = String(i);
  });
  return `[${list.join(', ')}]`;
}

function printDimensionNumbers(a: ConvolutionAttributes): string {
  const input = labels(
    [
      ['b', a.inputBatchDimension],
      ['f', a.inputFeatureDimension],
    ],
    a.inputSpatialDimensions,
  );
  const kernel = labels(
    [
      ['i', a.kernelInputFeatureDimension],
      ['o', a.kernelOutputFeatureDimension],
    ],
    a.kernelSpatialDimensions,
  );
  const output = labels(
    [
      ['b', a.outputBatchDimension],
      ['f', a.outputFeatureDimension],
    ],
    a.outputSpatialDimensions,
  );
  return `#stablehlo.conv<${input}x${kernel}->${output}>`;
}

type DimensionNumbers = Pick<
  ConvolutionAttributes,
  | 'inputBatchDimension'
  | 'inputFeatureDimension'
  | 'inputSpatialDimensions'
  | 'kernelInputFeatureDimension'
  | 'kernelOutputFeatureDimension'
  | 'kernelSpatialDimensions'
  | 'outputBatchDimension'
  | 'outputFeatureDimension'
  | 'outputSpatialDimensions'
>;

function readDimensionNumbers({ fields, fail }: ReadContext): DimensionNumbers {
  const attribute = fields.get('dimension_numbers');
  if (attribute?.kind !== 'convolution') throw fail('dimension_numbers = #stablehlo.conv<[…]x[…]->[…]>');
  const [input, kernel, output] = attribute.operands;
  const spatial = (list: readonly (string | number)[]): number[] =>
    Array.from({ length: list.length - 2 }, (_, i) => list.indexOf(i));
  return {
    inputBatchDimension: input!.indexOf('b'),
    inputFeatureDimension: input!.indexOf('f'),
    inputSpatialDimensions: spatial(input!),
    kernelInputFeatureDimension: kernel!.indexOf('i'),
    kernelOutputFeatureDimension: kernel!.indexOf('o'),
    kernelSpatialDimensions: spatial(kernel!),
    outputBatchDimension: output!.indexOf('b'),
    outputFeatureDimension: output!.indexOf('f'),
    outputSpatialDimensions: spatial(output!),
  };
}

const convolution: OpText<'convolution'> = {
  write: ({ attributes }) => [
    ['window_strides', printArray(attributes.windowStrides)],
    ['padding', printPairs(attributes.padding)],
    ['lhs_dilation', printArray(attributes.lhsDilation)],
    ['rhs_dilation', printArray(attributes.rhsDilation)],
    ['window_reversal', printArray(attributes.windowReversal, 'i1')],
    ['dimension_numbers', printDimensionNumbers(attributes)],
    ['feature_group_count', `${attributes.featureGroupCount} : i64`],
    ['batch_group_count', `${attributes.batchGroupCount} : i64`],
    ['precision_config', printPrecision(attributes.precision)],
  ],
  read(context) {
    const { fields, resultTypes } = context;
    const numbers = readDimensionNumbers(context);
    const ones = numbers.inputSpatialDimensions.map(() => 1);
    return {
      windowStrides: fields.integers('window_strides', ones),
      padding: fields.pairs(
        'padding',
        ones.map(() => [0, 0] as const),
      ),
      lhsDilation: fields.integers('lhs_dilation', ones),
      rhsDilation: fields.integers('rhs_dilation', ones),
      windowReversal: fields.booleans(
        'window_reversal',
        ones.map(() => false),
      ),
      ...numbers,
      featureGroupCount: fields.integer('feature_group_count'),
      batchGroupCount: fields.integer('batch_group_count'),
      precision: readPrecision(fields),
      dtype: resultTypes[0]!.dtype,
    };
  },
};

const gather: OpText<'gather'> = {
  write: ({ attributes }) => [
    [
      'dimension_numbers',
      struct('gather', [
        ['offset_dims', attributes.offsetDims],
        ['collapsed_slice_dims', attributes.collapsedSliceDims],
        ['operand_batching_dims', attributes.operandBatchingDims],
        ['start_indices_batching_dims', attributes.startIndicesBatchingDims],
        ['start_index_map', attributes.startIndexMap],
        ['index_vector_dim', attributes.indexVectorDim],
      ]),
    ],
    ['slice_sizes', printArray(attributes.sliceSizes)],
    ['indices_are_sorted', String(attributes.indicesAreSorted)],
  ],
  read({ fields }) {
    const numbers = fields.dictionary('dimension_numbers');
    return {
      offsetDims: numbers.integers('offset_dims', []),
      collapsedSliceDims: numbers.integers('collapsed_slice_dims', []),
      operandBatchingDims: numbers.integers('operand_batching_dims', []),
      startIndicesBatchingDims: numbers.integers('start_indices_batching_dims', []),
      startIndexMap: numbers.integers('start_index_map', []),
      indexVectorDim: numbers.integer('index_vector_dim', 0),
      sliceSizes: fields.integers('slice_sizes'),
      indicesAreSorted: fields.boolean('indices_are_sorted', false),
    };
  },
};

const scatter: OpText<'scatter'> = {
  write: ({ attributes }) => [
    [
      'scatter_dimension_numbers',
      struct('scatter', [
        ['update_window_dims', attributes.updateWindowDims],
        ['inserted_window_dims', attributes.insertedWindowDims],
        ['input_batching_dims', attributes.inputBatchingDims],
        ['scatter_indices_batching_dims', attributes.scatterIndicesBatchingDims],
        ['scatter_dims_to_operand_dims', attributes.scatterDimsToOperandDims],
        ['index_vector_dim', attributes.indexVectorDim],
      ]),
    ],
    ['indices_are_sorted', String(attributes.indicesAreSorted)],
    ['unique_indices', String(attributes.uniqueIndices)],
  ],
  regions: ({ body }) => [body],
  read({ fields, regions }) {
    const numbers = fields.dictionary('scatter_dimension_numbers');
    return {
      updateWindowDims: numbers.integers('update_window_dims', []),
      insertedWindowDims: numbers.integers('inserted_window_dims', []),
      inputBatchingDims: numbers.integers('input_batching_dims', []),
      scatterIndicesBatchingDims: numbers.integers('scatter_indices_batching_dims', []),
      scatterDimsToOperandDims: numbers.integers('scatter_dims_to_operand_dims', []),
      indexVectorDim: numbers.integer('index_vector_dim', 0),
      indicesAreSorted: fields.boolean('indices_are_sorted', false),
      uniqueIndices: fields.boolean('unique_indices', false),
      body: regions[0]!,
    };
  },
};

export const contractionTexts: OpTexts<'dot_general' | 'convolution' | 'gather' | 'scatter'> = {
  dot_general: dotGeneral,
  convolution,
  gather,
  scatter,
};
