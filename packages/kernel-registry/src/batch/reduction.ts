/** Batching of folds, windows and sorts. */
import type { Emitter, Value } from '../builder.js';
import { fill } from '../emit/constant.js';
import { broadcastInDim } from '../emit/movement.js';
import type { WindowAttributes } from '../opset.js';
import type { Program } from '../program.js';
import { identityOf, reducerKind } from '../region.js';
import { tensorType } from '../tensor-type.js';
import { movementBatch } from './movement.js';
import {
  type Batched,
  type BatchRule,
  type BatchRules,
  mapped,
  oneByOne,
  shifted,
  spread,
  withAttributes,
} from './rule.js';

/** What every item can start from, where the body is known: combined with the items' own initial values afterwards. */
function common(emitter: Emitter, initial: Batched, body: Program): Value {
  const { dtype } = initial.value.type;
  return initial.mapped ? fill(emitter, tensorType(dtype, []), identityOf(reducerKind(body)!, dtype)) : initial.value;
}

function combined(emitter: Emitter, results: readonly Value[], initials: readonly Batched[], body: Program): Value[] {
  return results.map((result, i) => {
    const { value, mapped: isMapped } = initials[i]!;
    if (!isMapped) return result;
    const own = broadcastInDim(emitter, value, result.type.shape, [0]);
    return emitter.emit(reducerKind(body)!, [own, result], {})[0]!;
  });
}

function windowed<W extends WindowAttributes>(window: W): W {
  return {
    ...window,
    windowDimensions: [1, ...window.windowDimensions],
    windowStrides: [1, ...window.windowStrides],
    padding: [[0, 0], ...window.padding],
  };
}

const reduce: BatchRule<'reduce'> = (context) => {
  const { emitter, attributes: a, operands, size } = context;
  const count = operands.length / 2;
  const initials = operands.slice(count);
  if (reducerKind(a.body) === undefined && initials.some((initial) => initial.mapped))
    return oneByOne('reduce', context);
  const values = operands.slice(0, count).map((operand) => spread(emitter, operand, size));
  const starts = initials.map((initial) => common(emitter, initial, a.body));
  const results = emitter.emit('reduce', [...values, ...starts], { ...a, dimensions: shifted(a.dimensions) });
  return mapped(combined(emitter, results, initials, a.body));
};

const reduceWindow: BatchRule<'reduce_window'> = (context) => {
  const { emitter, attributes: a, operands, size } = context;
  const count = operands.length / 2;
  const initials = operands.slice(count);
  const own = initials.some((initial) => initial.mapped);
  if (own && (reducerKind(a.body) === undefined || count > 1)) return oneByOne('reduce_window', context);
  const window = {
    ...windowed(a),
    baseDilations: [1, ...a.baseDilations],
    windowDilations: [1, ...a.windowDilations],
  };
  const values = operands.slice(0, count).map((operand) => spread(emitter, operand, size));
  const starts = initials.map((initial) => common(emitter, initial, a.body));
  if (!own) return mapped(emitter.emit('reduce_window', [...values, ...starts], window));
  // What is between and around the elements is the initial value too.
  const padding = {
    low: a.padding.map(([low]) => low),
    high: a.padding.map(([, high]) => high),
    interior: a.baseDilations.map((dilation) => dilation - 1),
  };
  const [padded] = movementBatch.pad({ ...context, operands: [...mapped(values), initials[0]!], attributes: padding });
  const bare = {
    ...window,
    padding: window.padding.map(() => [0, 0] as const),
    baseDilations: window.baseDilations.map(() => 1),
  };
  const results = emitter.emit('reduce_window', [padded!.value, ...starts], bare);
  return mapped(combined(emitter, results, initials, a.body));
};

const selectAndScatter: BatchRule<'select_and_scatter'> = (context) => {
  const { emitter, attributes: a, operands, size } = context;
  const [operand, source, initial] = operands as [Batched, Batched, Batched];
  if (initial.mapped && reducerKind(a.scatter) === undefined) return oneByOne('select_and_scatter', context);
  const values = [operand, source].map((value) => spread(emitter, value, size));
  const start = common(emitter, initial, a.scatter);
  const results = emitter.emit('select_and_scatter', [...values, start], windowed(a));
  return mapped(combined(emitter, results, [initial], a.scatter));
};

export const reductionBatch: BatchRules<'reduce' | 'reduce_window' | 'select_and_scatter' | 'sort'> = {
  reduce,
  reduce_window: reduceWindow,
  select_and_scatter: selectAndScatter,
  sort: withAttributes('sort', (a) => ({ ...a, dimension: a.dimension + 1 })),
};
