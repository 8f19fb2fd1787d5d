/** reduce, reduce_window and select_and_scatter. Reductions run in row-major order, starting from the initial value. */

import type { OpAttributes, WindowAttributes } from '../opset.js';
import { type Shape, stridesOf } from '../tensor-type.js';
import type { Context, EvaluateRule } from './context.js';
import { advance, offsetsOf, pick, remainingAxes } from './indexing.js';
import { scalarRegion } from './region.js';
import { createTensor, readerOf, type Scalar, type Tensor, viewAs, writerOf } from './tensor.js';

/** Folds listed elements of all operands, `-1` standing for the initial value, into element `target` of the results. */
type Fold = (offsets: Int32Array, base: number, target: number) => void;

function folder(
  operands: readonly Tensor[],
  results: readonly Tensor[],
  body: OpAttributes['reduce']['body'],
  context: Context,
): Fold {
  const count = results.length;
  const readers = operands.slice(0, count).map(readerOf);
  const writers = results.map(writerOf);
  const initial = operands.slice(count).map((tensor) => readerOf(tensor)(0));
  const apply = scalarRegion(body, context);
  const args = new Array<Scalar>(2 * count);
  return (offsets, base, target) => {
    for (let i = 0; i < count; i++) args[i] = initial[i]!;
    for (let k = 0; k < offsets.length; k++) {
      const at = offsets[k]!;
      for (let i = 0; i < count; i++) args[count + i] = at < 0 ? initial[i]! : readers[i]!(base + at);
      const accumulated = apply(args);
      for (let i = 0; i < count; i++) args[i] = accumulated[i]!;
    }
    for (let i = 0; i < count; i++) writers[i]!(target, args[i]!);
  };
}

export const evaluateReduce: EvaluateRule<'reduce'> = ({ operands, attributes, results }, context) => {
  const outputs = results.map(createTensor);
  const fold = folder(operands, outputs, attributes.body, context);
  const { shape } = operands[0]!.type;
  const strides = stridesOf(shape);
  const kept = remainingAxes(shape.length, attributes.dimensions);
  const reduced = remainingAxes(shape.length, kept);
  const bases = offsetsOf(pick(shape, kept), pick(strides, kept));
  const offsets = offsetsOf(pick(shape, reduced), pick(strides, reduced));
  for (let target = 0; target < bases.length; target++) fold(offsets, bases[target]!, target);
  return outputs;
};

interface Dilations {
  readonly baseDilations: readonly number[];
  readonly windowDilations: readonly number[];
}

/**
 * Fills `offsets` with the operand offset under each window position of the output index `at`; -1 in padding or in a
 * hole of the dilated operand.
 */
function windowOffsets(
  shape: Shape,
  at: readonly number[],
  { windowDimensions, windowStrides, padding, baseDilations, windowDilations }: WindowAttributes & Dilations,
  offsets: Int32Array,
): void {
  const strides = stridesOf(shape);
  const position = new Array<number>(shape.length).fill(0);
  for (let k = 0; k < offsets.length; k++) {
    let offset = 0;
    for (let axis = 0; axis < shape.length && offset >= 0; axis++) {
      const dilated = at[axis]! * windowStrides[axis]! + position[axis]! * windowDilations[axis]! - padding[axis]![0];
      const index = dilated / baseDilations[axis]!;
      offset = dilated >= 0 && Number.isInteger(index) && index < shape[axis]! ? offset + index * strides[axis]! : -1;
    }
    offsets[k] = offset;
    advance(position, windowDimensions);
  }
}

/** The spec pads with the initial values, so that a window's padding takes part in the reduction. */
export const evaluateReduceWindow: EvaluateRule<'reduce_window'> = ({ operands, attributes, results }, context) => {
  const outputs = results.map(createTensor);
  const fold = folder(operands, outputs, attributes.body, context);
  const { shape } = operands[0]!.type;
  const outputShape = results[0]!.shape;
  const size = attributes.windowDimensions.reduce((product, dimension) => product * dimension, 1);
  const offsets = new Int32Array(size);
  const at = new Array<number>(outputShape.length).fill(0);
  const targets = offsetsOf(outputShape, stridesOf(outputShape));
  for (const target of targets) {
    windowOffsets(shape, at, attributes, offsets);
    fold(offsets, 0, target);
    advance(at, outputShape);
  }
  return outputs;
};

/** Per window of the operand: `select` picks one element, `scatter` folds the source's element into its place. */
export const evaluateSelectAndScatter: EvaluateRule<'select_and_scatter'> = ({ operands, attributes }, context) => {
  const [operand, source, initial] = operands;
  const { shape } = operand!.type;
  const result = createTensor(operand!.type);
  const [readResult, writeResult] = [readerOf(result), writerOf(result)];
  const start = readerOf(viewAs(initial!, initial!.type))(0);
  const offsetsOfResult = offsetsOf(shape, stridesOf(shape));
  for (const offset of offsetsOfResult) writeResult(offset, start);

  const select = scalarRegion(attributes.select, context);
  const scatter = scalarRegion(attributes.scatter, context);
  const [readOperand, readSource] = [readerOf(operand!), readerOf(source!)];
  const ones = shape.map(() => 1);
  const window = { ...attributes, baseDilations: ones, windowDilations: ones };
  const offsets = new Int32Array(attributes.windowDimensions.reduce((product, dimension) => product * dimension, 1));
  const sourceShape = source!.type.shape;
  const at = new Array<number>(sourceShape.length).fill(0);
  const sources = offsetsOf(sourceShape, stridesOf(sourceShape));
  for (const from of sources) {
    windowOffsets(shape, at, window, offsets);
    let selected = -1;
    for (const offset of offsets) {
      if (offset < 0) continue;
      if (selected < 0 || !select([readOperand(selected), readOperand(offset)])[0]) selected = offset;
    }
    if (selected >= 0) writeResult(selected, scatter([readResult(selected), readSource(from)])[0]!);
    advance(at, sourceShape);
  }
  return [result];
};
