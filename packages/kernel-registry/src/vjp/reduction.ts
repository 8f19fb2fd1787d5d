/** Reverse mode of the ops that fold: reduce, reduce_window, select_and_scatter. */

import { type Emitter, ProgramBuilder, type Value } from '../builder.js';
import type { DType } from '../dtype.js';
import * as emit from '../emit/index.js';
import { splatValue } from '../literal.js';
import type { ComparisonDirection, WindowAttributes } from '../opset.js';
import { equalPrograms } from '../program/equal.js';
import type { Program } from '../program.js';
import {
  comparatorDirection,
  comparatorRegion,
  identityOf,
  type ReducerOp,
  reducerKind,
  scalarRegion,
} from '../region.js';
import { broughtRules } from '../rules.js';
import { tensorType } from '../tensor-type.js';
import { type Cotangent, noGradient, own, type VjpContext, type VjpRules } from './rule.js';
import { indicator, isEmpty, keepWhere, sumAll, zeroScalar, zerosOf } from './support.js';

export const reductionVjp: VjpRules<'reduce' | 'reduce_window' | 'select_and_scatter'> = {
  reduce: own((context) => {
    const kind = kindOf(context);
    if (kind === 'add') return [spread(context, context.cotangents[0]!)];
    if (kind === 'maximum' || kind === 'minimum') return [reduceExtremum(context)];
    return anyBody(context, 'reduce');
  }),
  reduce_window: own((context) => {
    const kind = kindOf(context);
    if (kind === 'add') return [windowSum(context)];
    if ((kind === 'maximum' || kind === 'minimum') && isPooling(context, kind)) return [windowExtremum(context, kind)];
    return scatterSelected(context) ?? anyBody(context, 'reduce_window');
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

/** What the body of a fold of one operand is, when its initial value is a constant. */
function kindOf({ operands, needed, attributes }: VjpContext<'reduce' | 'reduce_window'>): ReducerOp | undefined {
  return operands.length === 2 && !needed[1] ? reducerKind(attributes.body) : undefined;
}

/** The rule for whatever body there is comes with the functions that take a body (`fold.ts`). */
function anyBody<O extends 'reduce' | 'reduce_window'>(context: VjpContext<O>, op: O): readonly Cotangent[] {
  return broughtRules(op).vjp.vjp(context as unknown as VjpContext);
}

/** A result of the reduction put back over the operand's shape. */
export function spread({ emitter, operands, attributes }: VjpContext<'reduce'>, value: Value): Value {
  return emit.broadcastOver(emitter, value, operands[0]!.type.shape, attributes.dimensions);
}

/** Every element that equals the extremum gets an equal share. */
function reduceExtremum(context: VjpContext<'reduce'>): Value {
  const { emitter: e, operands, results, cotangents, attributes } = context;
  const won = emit.compare(e, operands[0]!, spread(context, results[0]!), 'EQ');
  const count = emit.reduceSum(e, indicator(e, won, operands[0]!), attributes.dimensions);
  const share = emit.divide(e, cotangents[0]!, count);
  // An initial value may beat every element: then nothing won, and the share is no number.
  return keepWhere(e, won, spread(context, share));
}

/** A sum over windows again: the cotangent, its stride as holes, under the window turned round. */
function windowSum(context: VjpContext<'reduce_window'>): Value {
  const { emitter: e, operands, cotangents, attributes } = context;
  const [operand] = operands;
  const cotangent = cotangents[0]!;
  if (isEmpty(cotangent)) return zerosOf(e, operand!.type);
  const { windowDimensions, windowStrides, windowDilations, baseDilations, padding, body } = attributes;
  const dilated = (size: number, factor: number): number => (size - 1) * factor + 1;
  const low = padding.map(([before], axis) => dilated(windowDimensions[axis]!, windowDilations[axis]!) - before - 1);
  const high = operand!.type.shape.map((size, axis) => {
    const output = dilated(cotangent.type.shape[axis]!, windowStrides[axis]!);
    const extent = dilated(windowDimensions[axis]!, windowDilations[axis]!);
    return dilated(size, baseDilations[axis]!) + extent - 1 - output - low[axis]!;
  });
  const zero = zeroScalar(e, cotangent);
  const interior = windowStrides.map((stride) => stride - 1);
  return e.emit('reduce_window', [emit.pad(e, cotangent, zero, low, high, interior), zero], {
    windowDimensions,
    windowStrides: baseDilations,
    padding: padding.map(() => [0, 0] as const),
    baseDilations: padding.map(() => 1),
    windowDilations,
    body,
  })[0]!;
}

/** What select_and_scatter can undo: no dilation, and a start that no element loses against. */
function isPooling({ attributes, literals }: VjpContext<'reduce_window'>, kind: 'maximum' | 'minimum'): boolean {
  const initial = literals[1];
  const isPlain = [...attributes.baseDilations, ...attributes.windowDilations].every((factor) => factor === 1);
  return isPlain && initial !== undefined && splatValue(initial) === identityOf(kind, initial.type.dtype);
}

/** The cotangent goes to the first element of each window that is the extremum. */
function windowExtremum(context: VjpContext<'reduce_window'>, kind: 'maximum' | 'minimum'): Value {
  const { emitter: e, operands, cotangents, attributes } = context;
  const cotangent = cotangents[0]!;
  return selectAndAdd(e, operands[0]!, cotangent, attributes, kind === 'maximum' ? 'GE' : 'LE');
}

function selectAndAdd(
  e: Emitter,
  operand: Value,
  source: Value,
  window: WindowAttributes,
  direction: ComparisonDirection,
): Value {
  const { dtype } = source.type;
  return emit.selectAndScatter(e, operand, source, zeroScalar(e, source), {
    ...windowOf(window),
    select: comparatorRegion([dtype], direction),
    scatter: scalarRegion(dtype, 'add'),
  });
}

function windowOf({ windowDimensions, windowStrides, padding }: WindowAttributes): WindowAttributes {
  return { windowDimensions, windowStrides, padding };
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
  return e.emit('reduce_window', [operand!, cotangent, start, zeroScalar(e, cotangent)], {
    ...windowOf(attributes),
    baseDilations: undilated,
    windowDilations: undilated,
    body: selectedPair(dtype, direction),
  })[1]!;
}

/** And its transpose in the cotangents, which is select_and_scatter again. */
function scatterSelected(context: VjpContext<'reduce_window'>): readonly Cotangent[] | undefined {
  const { emitter: e, operands, cotangents, attributes } = context;
  const [comparison] = attributes.body.instructions;
  const [, cotangent] = cotangents;
  if (comparison?.op !== 'compare' || cotangents[0] !== undefined || cotangent === undefined) return undefined;
  const { dtype } = cotangent.type;
  const { direction } = comparison.attributes;
  if (!equalPrograms(attributes.body, selectedPair(dtype, direction))) return undefined;
  return [undefined, selectAndAdd(e, operands[0]!, cotangent, attributes, direction)];
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
