/**
 * Folds written out: a reduction as a tree and a window as its elements, both with the body applied to whole tensors.
 * Reverse mode of a body without a shorter rule differentiates these.
 */
import { buildProgram, type Emitter, type Value } from '../builder.js';
import * as emit from '../emit/index.js';
import { elementwiseOps, type OpAttributes } from '../opset.js';
import type { Program } from '../program.js';
import type { TensorType } from '../tensor-type.js';
import { noGradient } from './rule.js';

/** Runs a body on scalars, element by element, on tensors of one shape. */
function lift(e: Emitter, body: Program, operands: readonly Value[]): Value[] {
  const { shape } = operands[0]!.type;
  const values: Value[] = [...operands];
  for (const instruction of body.instructions) {
    const ids = instruction.operands.map((id) => values[id]!);
    if (instruction.op === 'constant') {
      const { type, data } = instruction.attributes.value;
      values.push(emit.constant(e, { type: { dtype: type.dtype, shape }, data }));
    } else if (elementwiseOps.has(instruction.op)) {
      values.push(...e.emit(instruction.op, ids, instruction.attributes));
    } else {
      throw noGradient('reduce', `a body with ${instruction.op} has no gradient`, 'use elementwise ops in the body');
    }
  }
  return body.outputs.map((id) => values[id]!);
}

/** (operands…, initial values…) → what `reduce` gives, by halving. */
export function unrolledReduce(types: readonly TensorType[], attributes: OpAttributes['reduce']): Program {
  const { dimensions, body } = attributes;
  const count = types.length / 2;
  return buildProgram(types, (e, ...values) => {
    let parts = values.slice(0, count);
    const initials = values.slice(count);
    for (const dimension of dimensions) parts = halve(e, parts, dimension, body);
    const { shape } = parts[0]!.type;
    const kept = shape.filter((_, axis) => !dimensions.includes(axis));
    const folded = parts.map((part) => emit.reshape(e, part, kept));
    return lift(e, body, [...initials.map((initial) => emit.broadcastTo(e, initial, kept)), ...folded]);
  });
}

/** Folds one dimension to size 1. */
function halve(e: Emitter, parts: readonly Value[], dimension: number, body: Program): Value[] {
  let folded = [...parts];
  for (let size = folded[0]!.type.shape[dimension]!; size > 1; size = Math.ceil(size / 2)) {
    const half = Math.floor(size / 2);
    const cut = (start: number, limit: number): Value[] =>
      folded.map((part) => emit.sliceInDim(e, part, dimension, start, limit));
    const pairs = lift(e, body, [...cut(0, half), ...cut(half, 2 * half)]);
    const rest = size % 2 === 1 ? cut(size - 1, size) : undefined;
    folded = rest === undefined ? pairs : pairs.map((pair, i) => emit.concatenate(e, [pair, rest[i]!], dimension));
  }
  return folded;
}

/** (operands…, initial values…) → what `reduce_window` gives, one strided slice per element of the window. */
export function unrolledWindow(types: readonly TensorType[], attributes: OpAttributes['reduce_window']): Program {
  const { windowDimensions, windowStrides, windowDilations, baseDilations, padding, body } = attributes;
  const count = types.length / 2;
  return buildProgram(types, (e, ...values) => {
    const initials = values.slice(count);
    const padded = values.slice(0, count).map((operand, i) =>
      emit.pad(
        e,
        operand,
        initials[i]!,
        padding.map(([low]) => low),
        padding.map(([, high]) => high),
        baseDilations.map((factor) => factor - 1),
      ),
    );
    const output = padded[0]!.type.shape.map((size, axis) => {
      const extent = (windowDimensions[axis]! - 1) * windowDilations[axis]! + 1;
      return Math.max(0, Math.floor((size - extent) / windowStrides[axis]!) + 1);
    });
    let folded = initials.map((initial) => emit.broadcastTo(e, initial, output));
    for (const offset of positions(windowDimensions)) {
      const start = offset.map((position, axis) => position * windowDilations[axis]!);
      const limit = start.map((first, axis) => first + (output[axis]! - 1) * windowStrides[axis]! + 1);
      const elements = padded.map((operand) => emit.slice(e, operand, start, limit, windowStrides));
      folded = lift(e, body, [...folded, ...elements]);
    }
    return folded;
  });
}

/** Every index of a shape, in row-major order. */
function positions(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (prefixes, size) => prefixes.flatMap((prefix) => Array.from({ length: size }, (_, i) => [...prefix, i])),
    [[]],
  );
}
