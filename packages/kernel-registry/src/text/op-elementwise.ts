/** Text of the elementwise ops, of constants and of movement. */

import type { BinaryOp, ComparisonDirection, NoAttributes, OpName, UnaryOp } from '../opset.js';
import { printArray } from './attributes.js';
import { printDense } from './dense.js';
import { enumerator, type OpText, type OpTexts } from './op-text.js';

const plain: { read(): NoAttributes } = { read: () => ({}) };

type PlainOp = UnaryOp | BinaryOp | 'select' | 'complex' | 'real' | 'imag' | 'dynamic_update_slice';

export const plainTexts: OpTexts<PlainOp | 'optimization_barrier'> = {
  abs: plain,
  negate: plain,
  sign: plain,
  floor: plain,
  ceil: plain,
  round_nearest_even: plain,
  exponential: plain,
  exponential_minus_one: plain,
  log: plain,
  log_plus_one: plain,
  sqrt: plain,
  sine: plain,
  cosine: plain,
  tanh: plain,
  is_finite: plain,
  not: plain,
  add: plain,
  subtract: plain,
  multiply: plain,
  divide: plain,
  remainder: plain,
  power: plain,
  maximum: plain,
  minimum: plain,
  atan2: plain,
  and: plain,
  or: plain,
  xor: plain,
  shift_left: plain,
  shift_right_arithmetic: plain,
  shift_right_logical: plain,
  select: plain,
  complex: plain,
  real: plain,
  imag: plain,
  dynamic_update_slice: plain,
  optimization_barrier: plain,
};

const directions: readonly ComparisonDirection[] = ['EQ', 'NE', 'LT', 'LE', 'GT', 'GE'];

const constant: OpText<'constant'> = {
  write: ({ attributes }) => [['value', printDense(attributes.value)]],
  read({ fields, fail }) {
    const value = fields.get('value');
    if (value?.kind !== 'dense') throw fail('value = dense<…>');
    return { value: value.value };
  },
};

const iota: OpText<'iota'> = {
  write: ({ attributes }) => [['iota_dimension', `${attributes.dimension} : i64`]],
  read: ({ fields, resultTypes }) => ({ type: resultTypes[0]!, dimension: fields.integer('iota_dimension') }),
};

type MovementOp =
  | 'reshape'
  | 'broadcast_in_dim'
  | 'transpose'
  | 'slice'
  | 'pad'
  | 'concatenate'
  | 'reverse'
  | 'dynamic_slice';

const movement: OpTexts<MovementOp> = {
  reshape: { read: ({ resultTypes }) => ({ shape: resultTypes[0]!.shape }) },
  broadcast_in_dim: {
    write: ({ attributes }) => [['broadcast_dimensions', printArray(attributes.broadcastDimensions)]],
    read: ({ fields, resultTypes }) => ({
      shape: resultTypes[0]!.shape,
      broadcastDimensions: fields.integers('broadcast_dimensions'),
    }),
  },
  transpose: {
    write: ({ attributes }) => [['permutation', printArray(attributes.permutation)]],
    read: ({ fields }) => ({ permutation: fields.integers('permutation') }),
  },
  slice: {
    write: ({ attributes }) => [
      ['start_indices', printArray(attributes.startIndices)],
      ['limit_indices', printArray(attributes.limitIndices)],
      ['strides', printArray(attributes.strides)],
    ],
    read: ({ fields }) => ({
      startIndices: fields.integers('start_indices'),
      limitIndices: fields.integers('limit_indices'),
      strides: fields.integers('strides'),
    }),
  },
  pad: {
    write: ({ attributes }) => [
      ['edge_padding_low', printArray(attributes.low)],
      ['edge_padding_high', printArray(attributes.high)],
      ['interior_padding', printArray(attributes.interior)],
    ],
    read: ({ fields }) => ({
      low: fields.integers('edge_padding_low'),
      high: fields.integers('edge_padding_high'),
      interior: fields.integers('interior_padding'),
    }),
  },
  concatenate: {
    write: ({ attributes }) => [['dimension', `${attributes.dimension} : i64`]],
    read: ({ fields }) => ({ dimension: fields.integer('dimension') }),
  },
  reverse: {
    write: ({ attributes }) => [['dimensions', printArray(attributes.dimensions)]],
    read: ({ fields }) => ({ dimensions: fields.integers('dimensions') }),
  },
  dynamic_slice: {
    write: ({ attributes }) => [['slice_sizes', printArray(attributes.sliceSizes)]],
    read: ({ fields }) => ({ sliceSizes: fields.integers('slice_sizes') }),
  },
};

type TypingOp = 'compare' | 'convert' | 'bitcast_convert' | 'constant' | 'iota';

export const elementwiseTexts: OpTexts<TypingOp | MovementOp> = {
  compare: {
    write: ({ attributes }) => [['comparison_direction', enumerator('comparison_direction', attributes.direction)]],
    read: ({ fields }) => ({ direction: fields.word('comparison_direction', directions) }),
  },
  convert: { read: ({ resultTypes }) => ({ dtype: resultTypes[0]!.dtype }) },
  bitcast_convert: { read: ({ resultTypes }) => ({ type: resultTypes[0]! }) },
  constant,
  iota,
  ...movement,
};

/** The ops whose pretty form is `op %a, %b : type`, all operands and the result of one type. */
export const sameTypeOps: ReadonlySet<OpName> = new Set<UnaryOp | BinaryOp>([
  'negate',
  'sign',
  'floor',
  'ceil',
  'round_nearest_even',
  'exponential',
  'exponential_minus_one',
  'log',
  'log_plus_one',
  'sqrt',
  'sine',
  'cosine',
  'tanh',
  'not',
  'add',
  'subtract',
  'multiply',
  'divide',
  'remainder',
  'power',
  'maximum',
  'minimum',
  'atan2',
  'and',
  'or',
  'xor',
  'shift_left',
  'shift_right_arithmetic',
  'shift_right_logical',
]);
