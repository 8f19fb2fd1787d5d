/** Type rules of the ops that fold elements with a region: reduce and windows. */

import type { WindowAttributes } from '../opset.js';
import { formatType, type Shape, type TensorType, tensorType } from '../tensor-type.js';
import {
  argumentError,
  checkCount,
  checkDimensions,
  checkEqualShape,
  checkPerDimension,
  checkRegion,
  checkSameDType,
  checkScalar,
  formatTypes,
  type InferRule,
  scalars,
} from './rule.js';
import { checkPadding, windowedSize } from './window.js';

/** The first half of (operands…, initial values…), checked against the second. */
function checkFold(op: string, operands: readonly TensorType[]): readonly TensorType[] {
  if (operands.length === 0 || operands.length % 2 !== 0) {
    argumentError(op, 'wrong number of operands', 'n operands and n initial values', formatTypes(operands));
  }
  const n = operands.length / 2;
  const inputs = operands.slice(0, n);
  for (let i = 0; i < n; i++) {
    const initial = operands[n + i]!;
    checkScalar(op, 'initial value', initial);
    checkSameDType(op, [inputs[i]!, initial]);
    checkEqualShape(op, 'operands differ in shape', inputs[0]!.shape, inputs[i]!.shape);
  }
  return inputs;
}

const reduce: InferRule<'reduce'> = (operands, { dimensions, body }) => {
  const inputs = checkFold('reduce', operands);
  const { shape } = inputs[0]!;
  checkDimensions('reduce', 'dimensions', dimensions, shape.length);
  const elements = scalars(inputs);
  checkRegion('reduce', 'body', body, [...elements, ...elements], elements);
  const kept = shape.filter((_, axis) => !dimensions.includes(axis));
  return inputs.map(({ dtype }) => ({ dtype, shape: kept }));
};

interface Dilations {
  readonly baseDilations: readonly number[];
  readonly windowDilations: readonly number[];
}

function windowedShape(op: string, shape: Shape, attributes: WindowAttributes, dilations?: Dilations): number[] {
  const { windowDimensions, windowStrides, padding } = attributes;
  checkPerDimension(op, 'windowDimensions', windowDimensions, shape.length, 1);
  checkPerDimension(op, 'windowStrides', windowStrides, shape.length, 1);
  checkPadding(op, padding, shape.length);
  if (dilations !== undefined) {
    checkPerDimension(op, 'baseDilations', dilations.baseDilations, shape.length, 1);
    checkPerDimension(op, 'windowDilations', dilations.windowDilations, shape.length, 1);
  }
  return shape.map((size, axis) =>
    windowedSize({
      size,
      window: windowDimensions[axis]!,
      stride: windowStrides[axis]!,
      padding: padding[axis]!,
      baseDilation: dilations?.baseDilations[axis] ?? 1,
      windowDilation: dilations?.windowDilations[axis] ?? 1,
    }),
  );
}

const reduceWindow: InferRule<'reduce_window'> = (operands, attributes) => {
  const inputs = checkFold('reduce_window', operands);
  const shape = windowedShape('reduce_window', inputs[0]!.shape, attributes, attributes);
  const elements = scalars(inputs);
  checkRegion('reduce_window', 'body', attributes.body, [...elements, ...elements], elements);
  return inputs.map(({ dtype }) => ({ dtype, shape }));
};

const selectAndScatter: InferRule<'select_and_scatter'> = (operands, attributes) => {
  const op = 'select_and_scatter';
  checkCount(op, operands, 3);
  checkSameDType(op, operands);
  const [operand, source, initial] = operands as readonly [TensorType, TensorType, TensorType];
  checkScalar(op, 'initial value', initial);
  const windows = windowedShape(op, operand.shape, attributes);
  checkEqualShape(op, `source does not fit the windows of ${formatType(operand)}`, windows, source.shape);
  const element = tensorType(operand.dtype, []);
  checkRegion(op, 'select', attributes.select, [element, element], [tensorType('bool', [])]);
  checkRegion(op, 'scatter', attributes.scatter, [element, element], [element]);
  return [operand];
};

export const reductionInfer: {
  readonly reduce: InferRule<'reduce'>;
  readonly reduce_window: InferRule<'reduce_window'>;
  readonly select_and_scatter: InferRule<'select_and_scatter'>;
} = { reduce, reduce_window: reduceWindow, select_and_scatter: selectAndScatter };
