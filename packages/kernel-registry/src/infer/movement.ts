/** Type rules of the ops that make, move and re-index elements without computing on them. */

import { dtypes } from '../dtype.js';
import { formatType, sizeOf } from '../tensor-type.js';
import {
  argumentError,
  checkCount,
  checkDimensions,
  checkPerDimension,
  checkSameDType,
  checkScalar,
  checkShape,
  fail,
  formatTypes,
  type InferRule,
  shapeError,
} from './rule.js';

const constant: InferRule<'constant'> = (operands, { value }) => {
  checkCount('constant', operands, 0);
  checkShape('constant', value.type.shape);
  const { host, hostElements } = dtypes[value.type.dtype];
  const { length } = value.data;
  const dense = sizeOf(value.type.shape) * hostElements;
  if (length !== dense && length !== hostElements) {
    argumentError(
      'constant',
      'data does not fill the type',
      `${dense} elements or one`,
      `${length} for ${formatType(value.type)}`,
    );
  }
  if (!(value.data instanceof host)) {
    const expected = `a ${host.name} for ${value.type.dtype}`;
    fail('DTYPE_MISMATCH', 'constant', 'wrong host array', expected, value.data.constructor.name);
  }
  return [value.type];
};

const iota: InferRule<'iota'> = (operands, { type, dimension }) => {
  checkCount('iota', operands, 0);
  checkShape('iota', type.shape);
  checkDimensions('iota', 'dimension', [dimension], type.shape.length);
  if (type.dtype === 'bool') fail('DTYPE_MISMATCH', 'iota', 'dtype not supported', 'a number', 'bool');
  return [type];
};

const reshape: InferRule<'reshape'> = (operands, { shape }) => {
  checkCount('reshape', operands, 1);
  checkShape('reshape', shape);
  const operand = operands[0]!;
  const size = sizeOf(operand.shape);
  if (size !== sizeOf(shape)) {
    shapeError(
      'reshape',
      'sizes differ',
      `a shape of ${size} elements`,
      `[${shape.join(',')}] for ${formatType(operand)}`,
    );
  }
  return [{ dtype: operand.dtype, shape }];
};

const broadcastInDim: InferRule<'broadcast_in_dim'> = (operands, { shape, broadcastDimensions }) => {
  const op = 'broadcast_in_dim';
  checkCount(op, operands, 1);
  checkShape(op, shape);
  const operand = operands[0]!;
  checkPerDimension(op, 'broadcastDimensions', broadcastDimensions, operand.shape.length);
  checkDimensions(op, 'broadcastDimensions', broadcastDimensions, shape.length);
  operand.shape.forEach((size, axis) => {
    const target = shape[broadcastDimensions[axis]!];
    if (size !== 1 && size !== target) {
      const expected = `dimension ${axis} to be 1 or ${target}`;
      shapeError(op, 'shapes do not fit', expected, `${formatType(operand)} → [${shape.join(',')}]`);
    }
  });
  return [{ dtype: operand.dtype, shape }];
};

const transpose: InferRule<'transpose'> = (operands, { permutation }) => {
  checkCount('transpose', operands, 1);
  const { dtype, shape } = operands[0]!;
  checkPerDimension('transpose', 'permutation', permutation, shape.length);
  checkDimensions('transpose', 'permutation', permutation, shape.length);
  return [{ dtype, shape: permutation.map((axis) => shape[axis]!) }];
};

const slice: InferRule<'slice'> = (operands, { startIndices, limitIndices, strides }) => {
  checkCount('slice', operands, 1);
  const operand = operands[0]!;
  const rank = operand.shape.length;
  checkPerDimension('slice', 'startIndices', startIndices, rank, 0);
  checkPerDimension('slice', 'limitIndices', limitIndices, rank, 0);
  checkPerDimension('slice', 'strides', strides, rank, 1);
  const shape = operand.shape.map((size, axis) => {
    const start = startIndices[axis]!;
    const limit = limitIndices[axis]!;
    if (start > limit || limit > size) {
      const expected = `0 ≤ start ≤ limit ≤ ${size} in dimension ${axis}`;
      shapeError('slice', 'out of bounds', expected, `[${start}, ${limit}) of ${formatType(operand)}`);
    }
    return Math.ceil((limit - start) / strides[axis]!);
  });
  return [{ dtype: operand.dtype, shape }];
};

const pad: InferRule<'pad'> = (operands, { low, high, interior }) => {
  checkCount('pad', operands, 2);
  checkSameDType('pad', operands);
  checkScalar('pad', 'padding value', operands[1]!);
  const operand = operands[0]!;
  const rank = operand.shape.length;
  checkPerDimension('pad', 'low', low, rank);
  checkPerDimension('pad', 'high', high, rank);
  checkPerDimension('pad', 'interior', interior, rank, 0);
  const shape = operand.shape.map((size, axis) => {
    const padded = low[axis]! + size + Math.max(size - 1, 0) * interior[axis]! + high[axis]!;
    if (padded < 0)
      shapeError('pad', 'crops more than there is', `dimension ${axis} ≥ 0`, `${padded} from ${formatType(operand)}`);
    return padded;
  });
  return [{ dtype: operand.dtype, shape }];
};

const concatenate: InferRule<'concatenate'> = (operands, { dimension }) => {
  const op = 'concatenate';
  if (operands.length === 0) argumentError(op, 'no operands', 'at least one', 'none');
  checkSameDType(op, operands);
  const first = operands[0]!;
  checkDimensions(op, 'dimension', [dimension], first.shape.length);
  let total = 0;
  for (const { shape } of operands) {
    const fits =
      shape.length === first.shape.length && shape.every((n, axis) => axis === dimension || n === first.shape[axis]);
    if (!fits) {
      shapeError(op, 'operands do not fit', `equal shapes except in dimension ${dimension}`, formatTypes(operands));
    }
    total += shape[dimension]!;
  }
  return [{ dtype: first.dtype, shape: first.shape.map((n, axis) => (axis === dimension ? total : n)) }];
};

const reverse: InferRule<'reverse'> = (operands, { dimensions }) => {
  checkCount('reverse', operands, 1);
  checkDimensions('reverse', 'dimensions', dimensions, operands[0]!.shape.length);
  return [operands[0]!];
};

export const movementInfer: {
  readonly constant: InferRule<'constant'>;
  readonly iota: InferRule<'iota'>;
  readonly reshape: InferRule<'reshape'>;
  readonly broadcast_in_dim: InferRule<'broadcast_in_dim'>;
  readonly transpose: InferRule<'transpose'>;
  readonly slice: InferRule<'slice'>;
  readonly pad: InferRule<'pad'>;
  readonly concatenate: InferRule<'concatenate'>;
  readonly reverse: InferRule<'reverse'>;
} = {
  constant,
  iota,
  reshape,
  broadcast_in_dim: broadcastInDim,
  transpose,
  slice,
  pad,
  concatenate,
  reverse,
};
