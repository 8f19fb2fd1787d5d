/** Reverse mode of the ops that fold: reduce, reduce_window, select_and_scatter. */

import type { Value } from '../builder.js';
import * as emit from '../emit/index.js';
import { splatValue } from '../literal.js';
import type { WindowAttributes } from '../opset.js';
import { comparatorRegion, identityOf, type ReducerOp, reducerKind, scalarRegion } from '../region.js';
import { broughtRules } from '../rules.js';
import { type Cotangent, own, type VjpContext, type VjpRules } from './rule.js';
import { indicator, isEmpty, keepWhere, zeroScalar, zerosOf } from './support.js';

export const reductionVjp: VjpRules<'reduce' | 'reduce_window' | 'select_and_scatter'> = {
  reduce: own((context) => {
    const kind = kindOf(context);
    if (kind === 'add') return [spread(context, context.cotangents[0]!)];
    if (kind === 'maximum' || kind === 'minimum') return [reduceExtremum(context)];
    return higherOrder(context, 'reduce');
  }),
  reduce_window: own((context) => {
    const kind = kindOf(context);
    if (kind === 'add') return [windowSum(context)];
    if ((kind === 'maximum' || kind === 'minimum') && isPooling(context, kind)) return [windowExtremum(context, kind)];
    return higherOrder(context, 'reduce_window');
  }),
  select_and_scatter: own((context) => higherOrder(context, 'select_and_scatter')),
};

/** What the body of a fold of one operand is, when its initial value is a constant. */
function kindOf({ operands, needed, attributes }: VjpContext<'reduce' | 'reduce_window'>): ReducerOp | undefined {
  return operands.length === 2 && !needed[1] ? reducerKind(attributes.body) : undefined;
}

/** Rules for bodies of one's own, and for what only gradients emit, are in `fold.ts` and brought by those who can meet them. */
function higherOrder<O extends 'reduce' | 'reduce_window' | 'select_and_scatter'>(
  context: VjpContext<O>,
  op: O,
): readonly Cotangent[] {
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
  const { dtype } = cotangent.type;
  const scattered = e.emit('select_and_scatter', [operands[0]!, cotangent, zeroScalar(e, cotangent)], {
    ...windowOf(attributes),
    select: comparatorRegion([dtype], kind === 'maximum' ? 'GE' : 'LE'),
    scatter: scalarRegion(dtype, 'add'),
  });
  return scattered[0]!;
}

export function windowOf({ windowDimensions, windowStrides, padding }: WindowAttributes): WindowAttributes {
  return { windowDimensions, windowStrides, padding };
}
