/** Ops that only move elements: most are a strided walk over the operand. */

import { expandLiteral } from '../literal.js';
import type { TensorType } from '../tensor-type.js';
import { type Shape, sizeOf, stridesOf } from '../tensor-type.js';
import type { EvaluateRule } from './context.js';
import { converter } from './convert.js';
import { clamp, copyElement, offsetsOf, pick } from './indexing.js';
import { createTensor, fromHost, integerAt, type Tensor, viewAs, writerOf } from './tensor.js';

/** The elements of `operand` at `offset + Σ index · stride` for every index of the result. */
function walk(operand: Tensor, type: TensorType, strides: readonly number[], offset = 0): Tensor {
  const result = createTensor(type);
  const offsets = offsetsOf(type.shape, strides, offset);
  for (let i = 0; i < offsets.length; i++) copyElement(operand, offsets[i]!, result, i);
  return result;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

export const evaluateConstant: EvaluateRule<'constant'> = ({ attributes }) => [
  fromHost(attributes.value.type, expandLiteral(attributes.value)),
];

export const evaluateIota: EvaluateRule<'iota'> = ({ attributes: { type, dimension } }, context) => {
  const result = createTensor(type);
  const write = writerOf(result);
  const strides = type.shape.map((_, axis) => (axis === dimension ? 1 : 0));
  const toElement = converter('int32', type.dtype, context);
  offsetsOf(type.shape, strides).forEach((value, i) => {
    write(i, toElement(value));
  });
  return [result];
};

export const evaluateReshape: EvaluateRule<'reshape'> = ({ operands, results }) => [viewAs(operands[0]!, results[0]!)];

export const evaluateBroadcast: EvaluateRule<'broadcast_in_dim'> = ({ operands, attributes, results }) => {
  const [operand] = operands;
  const { shape } = operand!.type;
  const operandStrides = stridesOf(shape);
  const strides = new Array<number>(attributes.shape.length).fill(0);
  attributes.broadcastDimensions.forEach((to, from) => {
    if (shape[from] !== 1) strides[to] = operandStrides[from]!;
  });
  return [walk(operand!, results[0]!, strides)];
};

export const evaluateTranspose: EvaluateRule<'transpose'> = ({ operands, attributes, results }) => {
  const [operand] = operands;
  return [walk(operand!, results[0]!, pick(stridesOf(operand!.type.shape), attributes.permutation))];
};

export const evaluateSlice: EvaluateRule<'slice'> = ({ operands, attributes, results }) => {
  const [operand] = operands;
  const strides = stridesOf(operand!.type.shape);
  const steps = strides.map((stride, axis) => stride * attributes.strides[axis]!);
  return [walk(operand!, results[0]!, steps, dot(attributes.startIndices, strides))];
};

export const evaluateReverse: EvaluateRule<'reverse'> = ({ operands, attributes, results }) => {
  const [operand] = operands;
  const strides = stridesOf(operand!.type.shape);
  let offset = 0;
  for (const axis of attributes.dimensions) {
    offset += (operand!.type.shape[axis]! - 1) * strides[axis]!;
    strides[axis] = -strides[axis]!;
  }
  return [walk(operand!, results[0]!, strides, offset)];
};

/** Per axis, where each operand index lands in the padded result; -1 where a negative edge crops it. */
function landing(size: number, low: number, interior: number, resultSize: number): number[] {
  return Array.from({ length: size }, (_, i) => {
    const to = low + i * (interior + 1);
    return to >= 0 && to < resultSize ? to : -1;
  });
}

export const evaluatePad: EvaluateRule<'pad'> = ({ operands, attributes, results }) => {
  const [operand, value] = operands;
  const [type] = results;
  const result = walk(value!, type!, new Array<number>(type!.shape.length).fill(0));
  const { shape } = operand!.type;
  const strides = stridesOf(type!.shape);
  // NaN marks a cropped element: it survives any sum.
  const parts = shape.map((size, axis) =>
    landing(size, attributes.low[axis]!, attributes.interior[axis]!, type!.shape[axis]!).map((to) =>
      to < 0 ? NaN : to * strides[axis]!,
    ),
  );
  const targets = sumsOf(parts, shape);
  for (let i = 0; i < targets.length; i++) {
    if (!Number.isNaN(targets[i]!)) copyElement(operand!, i, result, targets[i]!);
  }
  return [result];
};

/** For every index of `shape`, in row-major order, the sum of `parts[axis][index[axis]]`. */
function sumsOf(parts: readonly (readonly number[])[], shape: Shape): Float64Array {
  let sums = new Float64Array([0]);
  for (const part of parts) {
    const next = new Float64Array(sums.length * part.length);
    for (let i = 0; i < sums.length; i++) {
      for (let j = 0; j < part.length; j++) next[i * part.length + j] = sums[i]! + part[j]!;
    }
    sums = next;
  }
  return sizeOf(shape) === 0 ? new Float64Array(0) : sums;
}

export const evaluateConcatenate: EvaluateRule<'concatenate'> = ({ operands, attributes, results }) => {
  const result = createTensor(results[0]!);
  const strides = stridesOf(result.type.shape);
  let start = 0;
  for (const operand of operands) {
    const targets = offsetsOf(operand.type.shape, strides, start * strides[attributes.dimension]!);
    for (let i = 0; i < targets.length; i++) copyElement(operand, i, result, targets[i]!);
    start += operand.type.shape[attributes.dimension]!;
  }
  return [result];
};

/** The offset of a window of `sizes`, its start moved so that the window lies inside `shape`. */
function clampedOffset(shape: Shape, sizes: readonly number[], starts: readonly Tensor[]): number {
  const strides = stridesOf(shape);
  const clamped = shape.map((size, axis) => clamp(integerAt(starts[axis]!), 0, size - sizes[axis]!));
  return dot(clamped, strides);
}

export const evaluateDynamicSlice: EvaluateRule<'dynamic_slice'> = ({ operands, attributes, results }) => {
  const [operand, ...starts] = operands;
  const { shape } = operand!.type;
  return [walk(operand!, results[0]!, stridesOf(shape), clampedOffset(shape, attributes.sliceSizes, starts))];
};

export const evaluateDynamicUpdateSlice: EvaluateRule<'dynamic_update_slice'> = ({ operands }) => {
  const [operand, update, ...starts] = operands;
  const { shape } = operand!.type;
  const result = walk(operand!, operand!.type, stridesOf(shape));
  const offset = clampedOffset(shape, update!.type.shape, starts);
  const targets = offsetsOf(update!.type.shape, stridesOf(shape), offset);
  for (let i = 0; i < targets.length; i++) copyElement(update!, i, result, targets[i]!);
  return [result];
};

/** A copy that a rule may write to. */
export function cloneTensor(tensor: Tensor): Tensor {
  return walk(tensor, tensor.type, stridesOf(tensor.type.shape));
}
