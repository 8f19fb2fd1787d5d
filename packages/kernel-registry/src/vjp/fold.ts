/**
 * Folds written out: a reduction as a tree and a window as its elements, both with the body applied to whole tensors.
 * Reverse mode of a body without a shorter rule differentiates these.
 */
import { buildProgram, type Emitter, ProgramBuilder, type Value } from '../builder.js';
import { comparatorDirection } from '../comparator-direction.js';
import { type DType, isInteger } from '../dtype.js';
import * as emit from '../emit/index.js';
import { type ComparisonDirection, elementwiseOps, type OpAttributes } from '../opset.js';
import type { Program } from '../program.js';
import { identityOf, reducerKind } from '../region.js';
import { sizeOf, type TensorType, tensorType } from '../tensor-type.js';
import { spread, windowOf } from './reduction.js';
import { type Cotangent, noGradient, own, type VjpContext, type VjpRules } from './rule.js';
import { isEmpty, keepWhere, sumAll, zeroScalar, zerosOf } from './support.js';

/**
 * Reverse mode of folds with whatever body, and of the select_and_scatter that max pooling has for its gradient; the bodies that most
 * programs have are in `reduction.ts`.
 */
export const foldVjp: VjpRules<'reduce' | 'reduce_window' | 'select_and_scatter'> = {
  reduce: own((context) => {
    const { attributes, operands, cotangents, needed } = context;
    if (operands.length === 4 && choosesPairs(context)) return chosenPair(context);
    const types = operands.map(({ type }) => type);
    if (sizeOf(types[0]!.shape) === 0) return emptyFold(context);
    return context.pullback(unrolledReduce(types, attributes), operands, cotangents, needed);
  }),
  reduce_window: own((context) => {
    const { attributes, operands, cotangents, needed } = context;
    const types = operands.map(({ type }) => type);
    if (isEmpty(context.results[0]!)) return types.map((type) => zerosOf(context.emitter, type));
    return context.pullback(unrolledWindow(types, attributes), operands, cotangents, needed);
  }),
  select_and_scatter: own((context) => {
    const { emitter: e, cotangents, needed, attributes } = context;
    if (reducerKind(attributes.scatter) !== 'add') {
      throw noGradient('select_and_scatter', 'only a scatter that adds has a gradient', 'scatter with add');
    }
    return [
      undefined,
      needed[1] ? gatherSelected(context) : undefined,
      needed[2] ? sumAll(e, cotangents[0]!) : undefined,
    ];
  }),
};

/** Ops that only pick: a body made of them returns one of the pairs it was given. */
const choosing: ReadonlySet<string> = new Set(['compare', 'select', 'and', 'or', 'not', 'minimum', 'maximum']);

/** True for a reduction of (values, positions) that returns one pair, as argMax does. */
function choosesPairs({ operands, attributes }: VjpContext<'reduce'>): boolean {
  const [values, positions] = operands;
  return (
    !isInteger(values!.type.dtype) &&
    isInteger(positions!.type.dtype) &&
    attributes.body.instructions.every(({ op, results }) => {
      // A minimum of positions breaks ties; one of values is no choice of a pair.
      const isOfPositions = results[0]!.dtype === positions!.type.dtype;
      return choosing.has(op) && (isOfPositions || (op !== 'minimum' && op !== 'maximum'));
    })
  );
}

/** The value's cotangent goes where the position is the chosen one. */
function chosenPair(context: VjpContext<'reduce'>): readonly Cotangent[] {
  const { emitter: e, operands, results, cotangents } = context;
  const cotangent = cotangents[0];
  if (cotangent === undefined) return [];
  const isChosen = emit.compare(e, operands[1]!, spread(context, results[1]!), 'EQ');
  return [keepWhere(e, isChosen, spread(context, cotangent))];
}

/** A fold over nothing gives the initial values. */
function emptyFold({ emitter: e, operands, cotangents }: VjpContext<'reduce'>): readonly Cotangent[] {
  const count = operands.length / 2;
  return operands.map(({ type }, i) => {
    const cotangent = cotangents[i % count];
    return i < count || cotangent === undefined ? zerosOf(e, type) : sumAll(e, cotangent);
  });
}

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
function unrolledReduce(types: readonly TensorType[], attributes: OpAttributes['reduce']): Program {
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
function unrolledWindow(types: readonly TensorType[], attributes: OpAttributes['reduce_window']): Program {
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

/**
 * The transpose of select_and_scatter in its source: the cotangent at the place that each window selects, found by a
 * reduction over windows of (operand, cotangent) pairs.
 */
function gatherSelected({ emitter: e, operands, cotangents, attributes }: VjpContext<'select_and_scatter'>): Value {
  const [operand] = operands;
  const cotangent = cotangents[0]!;
  const direction = comparatorDirection(attributes.select);
  const kind = direction === undefined ? undefined : extremumOf[direction];
  if (direction === undefined || kind === undefined) {
    throw noGradient('select_and_scatter', 'the selection has no gradient', 'select with GE, GT, LE or LT');
  }
  const { dtype } = operand!.type;
  const undilated = attributes.padding.map(() => 1);
  const start = emit.fill(e, tensorType(dtype, []), identityOf(kind, dtype));
  return emit.reduceWindow(e, [operand!, cotangent], [start, zeroScalar(e, cotangent)], {
    ...windowOf(attributes),
    baseDilations: undilated,
    windowDilations: undilated,
    body: selectedPair(dtype, direction),
  })[1]!;
}

const extremumOf: { readonly [D in ComparisonDirection]?: 'maximum' | 'minimum' } = {
  GE: 'maximum',
  GT: 'maximum',
  LE: 'minimum',
  LT: 'minimum',
};

/** (key, value, key′, value′) → the pair whose key the comparison prefers. */
function selectedPair(dtype: DType, direction: ComparisonDirection): Program {
  const builder = new ProgramBuilder();
  const [key, value, otherKey, otherValue] = Array.from({ length: 4 }, () => builder.input(tensorType(dtype, [])));
  const keeps = emit.compare(builder, key!, otherKey!, direction);
  const outputs = [emit.select(builder, keeps, key!, otherKey!), emit.select(builder, keeps, value!, otherValue!)];
  return builder.build(outputs, 'select_pair');
}
