/**
 * Reverse mode of gather and scatter: each is the other's transpose, once out-of-bounds indices are reconciled, since
 * gather clamps them and scatter drops them.
 */

import { assignRegion, isAssign } from '../assign-region.js';
import type { Emitter, Value } from '../builder.js';
import type { DType } from '../dtype.js';
import * as emit from '../emit/index.js';
import { highestValue } from '../limits.js';
import { splat } from '../literal.js';
import type { GatherAttributes, ScatterAttributes } from '../opset.js';
import type { Program } from '../program.js';
import { reducerKind, scalarRegion } from '../region.js';
import { type Shape, sizeOf } from '../tensor-type.js';
import { type Cotangent, linear, noGradient, own, type SingleContext, type VjpRules } from './rule.js';
import { indicator, keepWhere, zeroScalar, zerosOf } from './support.js';

export const indexingVjp: VjpRules<'gather' | 'scatter'> = {
  gather: linear(({ emitter: e, cotangent, operands: [x, indices], attributes }) => {
    const body = scalarRegion(cotangent.type.dtype, 'add');
    const clamped = clampIndices(e, indices!, x!.type.shape, attributes);
    return [emit.scatter(e, [zerosOf(e, x!.type)], clamped, [cotangent], scatterOf(attributes, body))[0]];
  }),
  scatter: own((context) => {
    if (context.operands.length !== 3) {
      throw noGradient('scatter', 'several operands at once', 'scatter each operand on its own');
    }
    const single = { ...context, result: context.results[0]!, cotangent: context.cotangents[0]! };
    return scatterVjp(context.attributes.body)(new ScatterParts(single));
  }),
};

type ScatterVjp = (parts: ScatterParts) => readonly Cotangent[];

function scatterVjp(body: Program): ScatterVjp {
  if (isAssign(body)) return scatterAssign;
  const kind = reducerKind(body);
  if (kind === 'add') return scatterAdd;
  if (kind === 'multiply') return scatterMultiply;
  if (kind === 'maximum' || kind === 'minimum') return scatterExtremum;
  throw noGradient('scatter', `the body ${body.name} has no gradient`, 'use add, assign, multiply, maximum or minimum');
}

const scatterAdd: ScatterVjp = ({ context, at }) => [
  context.cotangent,
  undefined,
  context.needed[2] ? at(context.cotangent) : undefined,
];

/** Of several updates of one place only the last wins: which one, a scatter of update numbers tells. */
const scatterAssign: ScatterVjp = (parts) => {
  const { emitter: e, cotangent, operands, needed, attributes } = parts.context;
  const update = operands[2]!;
  if (attributes.uniqueIndices) {
    const kept = needed[0] ? parts.into(cotangent, zerosOf(e, update.type), assignRegion) : undefined;
    return [kept, undefined, needed[2] ? parts.at(cotangent) : undefined];
  }
  const { shape } = update.type;
  const none: Value = emit.fill(e, { dtype: 'int32', shape: operands[0]!.type.shape }, 0);
  const flat = emit.iota(e, { dtype: 'int32', shape: [sizeOf(shape)] }, 0);
  const number = emit.add(e, emit.reshape(e, flat, shape), emit.fill(e, { dtype: 'int32', shape }, 1));
  const winner = parts.into(none, number, assignRegion);
  const untouched = (): Value => emit.compare(e, winner, none, 'EQ');
  const won = (): Value => emit.compare(e, parts.at(winner), number, 'EQ');
  return [
    needed[0] ? keepWhere(e, untouched(), cotangent) : undefined,
    undefined,
    needed[2] ? keepWhere(e, won(), parts.at(cotangent)) : undefined,
  ];
};

const scatterMultiply: ScatterVjp = (parts) => {
  const { emitter: e, cotangent, operands, needed, attributes } = parts.context;
  const [x, , update] = operands;
  if (needed[2] && !attributes.uniqueIndices) {
    throw noGradient('scatter', 'multiply where indices may repeat', 'set uniqueIndices if they do not');
  }
  const multiply = (dtype: DType): Program => scalarRegion(dtype, 'multiply');
  return [
    needed[0] ? parts.into(cotangent, update!, multiply) : undefined,
    undefined,
    needed[2] ? emit.multiply(e, parts.at(cotangent), parts.at(x!)) : undefined,
  ];
};

/** All that reach the extremum, the operand among them, share the cotangent equally. */
const scatterExtremum: ScatterVjp = (parts) => {
  const { emitter: e, cotangent, operands, needed, result } = parts.context;
  const [x, , update] = operands;
  const operandWon = indicator(e, emit.compare(e, x!, result, 'EQ'), cotangent);
  const updateWon = indicator(e, emit.compare(e, update!, parts.at(result), 'EQ'), cotangent);
  const sum = (dtype: DType): Program => scalarRegion(dtype, 'add');
  const share = emit.divide(e, cotangent, parts.into(operandWon, updateWon, sum));
  return [
    needed[0] ? emit.multiply(e, operandWon, share) : undefined,
    undefined,
    needed[2] ? emit.multiply(e, updateWon, parts.at(share)) : undefined,
  ];
};

/** A scatter's places, to read from and to write to. */
class ScatterParts {
  readonly context: SingleContext<'scatter'>;
  #places: Places | undefined;

  constructor(context: SingleContext<'scatter'>) {
    this.context = context;
  }

  /** The elements of `value` (of the operand's shape) that each update addresses; zero for dropped ones. */
  readonly at = (value: Value): Value => {
    const { emitter: e, attributes, operands } = this.context;
    const { indices, margins, isInside } = (this.#places ??= placesOf(this.context));
    const hasMargins = margins.some((margin) => margin > 0);
    const padded = hasMargins ? emit.pad(e, value, zeroScalar(e, value), margins, margins) : value;
    const sliceSizes = windowSizes(attributes, value.type.shape, operands[2]!.type.shape);
    return keepWhere(e, isInside, emit.gather(e, padded, indices, gatherOf(attributes, sliceSizes)));
  };

  /** Scatters other updates into another operand at the same places. */
  into(operand: Value, update: Value, body: (dtype: DType) => Program): Value {
    const { emitter: e, operands, attributes } = this.context;
    return emit.scatter(e, [operand], operands[1]!, [update], { ...attributes, body: body(operand.type.dtype) })[0]!;
  }
}

/** How to read with gather, which clamps whole windows, what scatter writes, which drops single elements. */
interface Places {
  /** Zeros to put around each dimension, so that a window which sticks out stays inside. */
  readonly margins: readonly number[];
  /** The indices in the operand with margins. */
  readonly indices: Value;
  /** Per element of the update: false where its whole window lies outside. */
  readonly isInside: Value;
}

function placesOf({ emitter: e, operands, attributes }: SingleContext<'scatter'>): Places {
  const [operand, indices, update] = operands;
  const { scatterDimsToOperandDims: indexed, indexVectorDim, updateWindowDims } = attributes;
  const { shape } = operand!.type;
  const sizes = windowSizes(attributes, shape, update!.type.shape);
  const margins = sizes.map((size, axis) => (indexed.includes(axis) ? size - 1 : 0));
  const hasMargins = margins.some((margin) => margin > 0);
  const wide = hasMargins ? emit.convert(e, indices!, 'int64') : indices!;
  const perIndex = (values: readonly number[]): Value => perComponent(e, wide, indexVectorDim, values);
  const shifted = hasMargins ? emit.add(e, wide, perIndex(indexed.map((axis) => margins[axis]!))) : wide;
  const last = perIndex(indexed.map((axis) => shape[axis]! - 1 + margins[axis]!));
  const isBetween = emit.and(
    e,
    emit.compare(e, shifted, zerosOf(e, shifted.type), 'GE'),
    emit.compare(e, shifted, last, 'LE'),
  );
  const hasVector = indexVectorDim < indices!.type.shape.length;
  const all = hasVector ? emit.reduceAnd(e, isBetween, [indexVectorDim]) : isBetween;
  const batch = update!.type.shape.map((_, axis) => axis).filter((axis) => !updateWindowDims.includes(axis));
  return { margins, indices: shifted, isInside: emit.broadcastInDim(e, all, update!.type.shape, batch) };
}

function scatterOf(attributes: GatherAttributes, body: Program): ScatterAttributes {
  return {
    updateWindowDims: attributes.offsetDims,
    insertedWindowDims: attributes.collapsedSliceDims,
    inputBatchingDims: attributes.operandBatchingDims,
    scatterIndicesBatchingDims: attributes.startIndicesBatchingDims,
    scatterDimsToOperandDims: attributes.startIndexMap,
    indexVectorDim: attributes.indexVectorDim,
    // Clamping may have changed the order of the indices' sums over dimensions.
    indicesAreSorted: false,
    uniqueIndices: false,
    body,
  };
}

function gatherOf(attributes: ScatterAttributes, sliceSizes: readonly number[]): GatherAttributes {
  return {
    offsetDims: attributes.updateWindowDims,
    collapsedSliceDims: attributes.insertedWindowDims,
    operandBatchingDims: attributes.inputBatchingDims,
    startIndicesBatchingDims: attributes.scatterIndicesBatchingDims,
    startIndexMap: attributes.scatterDimsToOperandDims,
    indexVectorDim: attributes.indexVectorDim,
    sliceSizes,
    indicesAreSorted: attributes.indicesAreSorted,
  };
}

/** The size of a scatter's window along each dimension of the operand. */
function windowSizes(attributes: ScatterAttributes, operand: Shape, update: Shape): number[] {
  const { updateWindowDims, insertedWindowDims, inputBatchingDims } = attributes;
  let next = 0;
  return operand.map((_, axis) => {
    const isWindow = !insertedWindowDims.includes(axis) && !inputBatchingDims.includes(axis);
    return isWindow ? update[updateWindowDims[next++]!]! : 1;
  });
}

/** One number per component of the index vectors, broadcast over the indices. */
function perComponent(e: Emitter, indices: Value, indexVectorDim: number, values: readonly number[]): Value {
  const { dtype, shape } = indices.type;
  const highest = Number(highestValue(dtype));
  const bounded = values.map((value) => Math.min(value, highest));
  if (bounded.every((value) => value === bounded[0])) {
    const value = bounded[0] ?? 0;
    return emit.constant(e, splat({ dtype, shape }, value));
  }
  const parts = bounded.map((value) => emit.fill(e, { dtype, shape: [1] }, value));
  return emit.broadcastInDim(e, emit.concatenate(e, parts, 0), shape, [indexVectorDim]);
}

/** Moves every start to where gather would read. */
function clampIndices(e: Emitter, indices: Value, operand: Shape, attributes: GatherAttributes): Value {
  const { startIndexMap, sliceSizes, indexVectorDim } = attributes;
  const last = startIndexMap.map((axis) => operand[axis]! - sliceSizes[axis]!);
  const limit = perComponent(e, indices, indexVectorDim, last);
  return emit.minimum(e, emit.maximum(e, indices, zerosOf(e, indices.type)), limit);
}
