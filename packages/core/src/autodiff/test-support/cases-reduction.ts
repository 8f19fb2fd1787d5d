import {
  buildProgram,
  comparatorRegion,
  type Emitter,
  type OpAttributes,
  type Program,
  type ReducerOp,
  scalarRegion,
  tensorType,
  type Value,
  type WindowAttributes,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { distinct, floats, func, type GradientCase, integers, nonZero, op } from './case.js';

const region = (kind: ReducerOp): Program => scalarRegion('float64', kind);

/** Two accumulators of two values: (a, b) ← (a·b′ + b·a′, b·b′), the sum of fractions a/b; associative. */
const fractions: Program = buildProgram(
  Array.from({ length: 4 }, () => tensorType('float64', [])),
  (e, a, b, c, d) => [emit.add(e, emit.multiply(e, a!, d!), emit.multiply(e, b!, c!)), emit.multiply(e, b!, d!)],
);

/** The larger value with its position; of equals the first position. */
const argMax: Program = buildProgram(
  [tensorType('float64', []), tensorType('int32', []), tensorType('float64', []), tensorType('int32', [])],
  (e, value, position, otherValue, otherPosition) => {
    const larger = emit.compare(e, value!, otherValue!, 'GT');
    const first = emit.minimum(e, position!, otherPosition!);
    const equal = emit.compare(e, value!, otherValue!, 'EQ');
    const chosen = emit.select(e, larger, position!, otherPosition!);
    return [emit.select(e, larger, value!, otherValue!), emit.select(e, equal, first, chosen)];
  },
);

const pooling: WindowAttributes = {
  windowDimensions: [2, 3],
  windowStrides: [2, 1],
  padding: [
    [1, 0],
    [0, 1],
  ],
};

function windowed(body: Program, more: Partial<OpAttributes['reduce_window']> = {}): OpAttributes['reduce_window'] {
  return { ...pooling, baseDilations: [1, 1], windowDilations: [1, 1], body, ...more };
}

const dilated = { baseDilations: [2, 1], windowDilations: [1, 2] };

function extremumPool(kind: 'maximum' | 'minimum'): (e: Emitter, x: Value) => readonly Value[] {
  const pool = kind === 'maximum' ? emit.reduceWindowMax : emit.reduceWindowMin;
  return (e, x) => [pool(e, x, pooling)];
}

const select = (direction: 'GE' | 'LE'): Program => comparatorRegion(['float64'], direction);

export const reductionCases: readonly GradientCase[] = [
  op('reduce', [floats([2, 3, 2]), floats([])], { dimensions: [0, 2], body: region('add') }, 'add'),
  func('reduce: add from a constant', [floats([2, 3])], (e, x) => [emit.reduceSum(e, x, [1])]),
  op('reduce', [nonZero([2, 5]), nonZero([])], { dimensions: [1], body: region('multiply') }, 'multiply'),
  func('reduce: multiply from a constant', [nonZero([3, 4])], (e, x) => [emit.reduceProd(e, x, [0, 1])]),
  func('reduce: maximum', [distinct([2, 3, 2])], (e, x) => [emit.reduceMax(e, x, [1, 2])]),
  func('reduce: minimum', [distinct([2, 3, 2])], (e, x) => [emit.reduceMin(e, x, [0])]),
  op(
    'reduce',
    [distinct([2, 3]), floats([], 0.1, 0.2)],
    { dimensions: [1], body: region('maximum') },
    'maximum from an input',
  ),
  op(
    'reduce',
    [floats([2, 3]), nonZero([2, 3], 0.3, 2), floats([]), nonZero([], 0.3, 4)],
    { dimensions: [1], body: fractions },
    'two values with a body of several ops',
  ),
  func(
    'reduce: argMax with its value',
    [
      distinct([3, 4]),
      integers(
        [3, 4],
        [...Array(12).keys()].map((i) => i % 4),
      ),
    ],
    (e, x, positions) => {
      const low = emit.fill(e, tensorType('float64', []), Number.NEGATIVE_INFINITY);
      const none = emit.fill(e, tensorType('int32', []), 2 ** 31 - 1);
      return emit.reduce(e, [x!, positions!], [low, none], [1], argMax);
    },
  ),
  op('reduce_window', [floats([4, 4]), floats([])], windowed(region('add')), 'add from an input'),
  func('reduce_window: add', [floats([4, 4])], (e, x) => [emit.reduceWindowSum(e, x, pooling)]),
  func('reduce_window: add, dilated', [floats([3, 5])], (e, x) => {
    const zero = emit.fill(e, tensorType('float64', []), 0);
    return emit.reduceWindow(e, [x], [zero], windowed(region('add'), { ...dilated, windowStrides: [3, 2] }));
  }),
  func('reduce_window: maximum', [distinct([5, 4])], extremumPool('maximum')),
  func('reduce_window: minimum', [distinct([5, 4])], extremumPool('minimum')),
  func('reduce_window: maximum, dilated', [distinct([3, 5])], (e, x) => {
    const low = emit.fill(e, tensorType('float64', []), Number.NEGATIVE_INFINITY);
    return emit.reduceWindow(
      e,
      [x],
      [low],
      windowed(region('maximum'), {
        ...dilated,
        padding: [
          [0, 0],
          [1, 0],
        ],
      }),
    );
  }),
  func('reduce_window: maximum from zero', [distinct([5, 4])], (e, x) => {
    const zero = emit.fill(e, tensorType('float64', []), 0.01);
    return emit.reduceWindow(e, [x], [zero], windowed(region('maximum')));
  }),
  op('reduce_window', [nonZero([3, 4]), nonZero([])], windowed(region('multiply')), 'multiply'),
  func('select_and_scatter: maximum', [distinct([5, 4]), floats([3, 3]), floats([])], (e, x, source, initial) => [
    emit.selectAndScatter(e, x!, source!, initial!, { ...pooling, select: select('GE'), scatter: region('add') }),
  ]),
  func('select_and_scatter: minimum', [distinct([5, 4]), floats([3, 3]), floats([])], (e, x, source, initial) => [
    emit.selectAndScatter(e, x!, source!, initial!, { ...pooling, select: select('LE'), scatter: region('add') }),
  ]),
  op('sort', [distinct([3, 4])], { dimension: 1, isStable: true, comparator: comparatorRegion(['float64'], 'LT') }),
  op(
    'sort',
    [distinct([4, 2]), floats([4, 2], -2, 2, 2), integers([4, 2], [0, 1, 2, 3, 4, 5, 6, 7])],
    { dimension: 0, isStable: true, comparator: comparatorRegion(['float64', 'float64', 'int32'], 'GT') },
    'descending, carrying others',
  ),
];
