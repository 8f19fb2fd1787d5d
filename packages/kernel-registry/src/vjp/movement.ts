/** Reverse mode of the ops that move elements without computing with them; all are linear. */
import type { Emitter, Value } from '../builder.js';
import * as emit from '../emit/index.js';
import type { OpAttributes } from '../opset.js';
import { type Shape, sizeOf } from '../tensor-type.js';
import { linear, type VjpRules } from './rule.js';
import { isEmpty, sumAll, zeroScalar, zerosOf } from './support.js';

type MovementOp = 'reshape' | 'broadcast_in_dim' | 'transpose' | 'slice' | 'pad' | 'concatenate' | 'reverse';

export const movementVjp: VjpRules<MovementOp> = {
  reshape: linear(({ emitter, cotangent, operands: [x] }) => [emit.reshape(emitter, cotangent, x!.type.shape)]),
  broadcast_in_dim: linear(({ emitter, cotangent, operands: [x], attributes }) => [
    sumOverBroadcast(emitter, cotangent, x!.type.shape, attributes.broadcastDimensions),
  ]),
  transpose: linear(({ emitter, cotangent, attributes: { permutation } }) => [
    emit.transpose(emitter, cotangent, inversePermutation(permutation)),
  ]),
  slice: linear(({ emitter, cotangent, operands: [x], attributes }) => [
    unslice(emitter, cotangent, x!.type.shape, attributes),
  ]),
  pad: linear(({ emitter, cotangent, operands: [x], attributes, needed }) => {
    const inner = unpad(emitter, cotangent, x!.type.shape, attributes);
    const rest = (): Value => emit.subtract(emitter, sumAll(emitter, cotangent), sumAll(emitter, inner));
    return [inner, needed[1] ? rest() : undefined];
  }),
  concatenate: linear(({ emitter, cotangent, operands, attributes: { dimension }, needed }) => {
    let start = 0;
    return operands.map((operand, index) => {
      const limit = start + operand.type.shape[dimension]!;
      const part = needed[index] ? emit.sliceInDim(emitter, cotangent, dimension, start, limit) : undefined;
      start = limit;
      return part;
    });
  }),
  reverse: linear(({ emitter, cotangent, attributes: { dimensions } }) => [
    emit.reverse(emitter, cotangent, dimensions),
  ]),
};

function inversePermutation(permutation: readonly number[]): number[] {
  const inverse: number[] = new Array(permutation.length);
  permutation.forEach((axis, index) => {
    inverse[axis] = index;
  });
  return inverse;
}

/** Undoes a broadcast of `shape`: sums what was repeated and puts the dimensions back in the operand's order. */
function sumOverBroadcast(e: Emitter, cotangent: Value, shape: Shape, broadcastDimensions: readonly number[]): Value {
  const repeats = (axis: number): boolean => {
    const source = broadcastDimensions.indexOf(axis);
    return source < 0 || (shape[source] === 1 && cotangent.type.shape[axis] !== 1);
  };
  const axes = cotangent.type.shape.map((_, axis) => axis);
  const sum = emit.reduceSum(e, cotangent, axes.filter(repeats));
  const kept = axes.filter((axis) => !repeats(axis));
  const inOrder = broadcastDimensions.filter((axis) => kept.includes(axis)).map((axis) => kept.indexOf(axis));
  return emit.reshape(e, emit.transpose(e, sum, inOrder), shape);
}

/** Puts a slice's cotangent back into zeros of the operand's shape. */
function unslice(e: Emitter, cotangent: Value, shape: Shape, attributes: OpAttributes['slice']): Value {
  if (isEmpty(cotangent)) return zerosOf(e, { dtype: cotangent.type.dtype, shape });
  const { startIndices, strides } = attributes;
  const high = shape.map((size, axis) => {
    const taken = (cotangent.type.shape[axis]! - 1) * strides[axis]! + 1;
    return size - startIndices[axis]! - taken;
  });
  const interior = strides.map((stride) => stride - 1);
  return emit.pad(e, cotangent, zeroScalar(e, cotangent), startIndices, high, interior);
}

/** The elements of a padded cotangent that came from the operand; cropped ones get zero. */
function unpad(e: Emitter, cotangent: Value, shape: Shape, attributes: OpAttributes['pad']): Value {
  if (sizeOf(shape) === 0) return zerosOf(e, { dtype: cotangent.type.dtype, shape });
  const { low, high, interior } = attributes;
  const minus = (edges: readonly number[]): number[] => edges.map((edge) => -edge);
  const isPadded = [...low, ...high].some((edge) => edge !== 0);
  const zero = zeroScalar(e, cotangent);
  const dilated = isPadded ? emit.pad(e, cotangent, zero, minus(low), minus(high)) : cotangent;
  if (interior.every((holes) => holes === 0)) return dilated;
  const strides = interior.map((holes) => holes + 1);
  const start = shape.map(() => 0);
  return emit.slice(e, dilated, start, dilated.type.shape, strides);
}
