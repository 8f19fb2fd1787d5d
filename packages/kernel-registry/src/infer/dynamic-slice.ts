/** Type rules of slices at computed places. */

import { dtypes } from '../dtype.js';
import { formatType, type Shape, type TensorType } from '../tensor-type.js';
import {
  argumentError,
  checkCount,
  checkPerDimension,
  checkSameDType,
  checkScalar,
  fail,
  type InferRule,
  type InferRules,
  shapeError,
} from './rule.js';

function checkStarts(op: string, starts: readonly TensorType[], rank: number): void {
  if (starts.length !== rank) {
    argumentError(op, 'wrong number of start indices', `${rank}, one per dimension`, `${starts.length}`);
  }
  for (const start of starts) {
    checkScalar(op, 'start index', start);
    const { kind } = dtypes[start.dtype];
    if (kind !== 'int' && kind !== 'uint')
      fail('DTYPE_MISMATCH', op, 'bad start index', 'an integer scalar', formatType(start));
  }
  if (rank > 0) checkSameDType(op, starts);
}

function checkFits(op: string, sizes: Shape, operand: TensorType): void {
  sizes.forEach((size, axis) => {
    if (size > operand.shape[axis]!) {
      shapeError(
        op,
        'slice is larger than the operand',
        `at most [${operand.shape.join(',')}]`,
        `[${sizes.join(',')}]`,
      );
    }
  });
}

const dynamicSlice: InferRule<'dynamic_slice'> = (operands, { sliceSizes }) => {
  const op = 'dynamic_slice';
  if (operands.length === 0) checkCount(op, operands, 1);
  const operand = operands[0]!;
  checkStarts(op, operands.slice(1), operand.shape.length);
  checkPerDimension(op, 'sliceSizes', sliceSizes, operand.shape.length, 0);
  checkFits(op, sliceSizes, operand);
  return [{ dtype: operand.dtype, shape: sliceSizes }];
};

const dynamicUpdateSlice: InferRule<'dynamic_update_slice'> = (operands) => {
  const op = 'dynamic_update_slice';
  if (operands.length < 2) checkCount(op, operands, 2);
  const operand = operands[0]!;
  const update = operands[1]!;
  checkSameDType(op, [operand, update]);
  if (update.shape.length !== operand.shape.length) {
    shapeError(op, 'ranks differ', `an update of rank ${operand.shape.length}`, formatType(update));
  }
  checkStarts(op, operands.slice(2), operand.shape.length);
  checkFits(op, update.shape, operand);
  return [operand];
};

export const dynamicSliceInfer: InferRules<'dynamic_slice' | 'dynamic_update_slice'> = {
  dynamic_slice: dynamicSlice,
  dynamic_update_slice: dynamicUpdateSlice,
};
