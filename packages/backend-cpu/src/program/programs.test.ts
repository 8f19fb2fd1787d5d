/** Whole programs: movement, reductions, windows, gather and scatter, sorting, control flow, at sizes that fill lanes. */

import {
  buildProgram,
  type DType,
  type Emitter,
  type HostArray,
  type Program,
  scalarRegion,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { assignRegion } from '@ceratops/kernel-registry/regions';
import { describe, expect, it } from 'vitest';
import { expectProgram, plain, randomInputs } from '../test-support/check.js';

const f32 = (...shape: number[]): TensorType => tensorType('float32', shape);
const i32 = (...shape: number[]): TensorType => tensorType('int32', shape);

type Body = (emitter: Emitter, ...values: Value[]) => readonly Value[];
type Case = readonly [name: string, inputs: readonly TensorType[], body: Body, data?: readonly HostArray[]];

const pooling = (window: number, stride: number, padding: number) => ({
  windowDimensions: [1, window, window, 1],
  windowStrides: [1, stride, stride, 1],
  padding: [
    [0, 0],
    [padding, padding],
    [padding, padding],
    [0, 0],
  ] as const,
});

const rows = {
  updateWindowDims: [1],
  insertedWindowDims: [0],
  inputBatchingDims: [],
  scatterIndicesBatchingDims: [],
  scatterDimsToOperandDims: [0],
  indexVectorDim: 1,
  indicesAreSorted: false,
  uniqueIndices: false,
};

const cases: readonly Case[] = [
  [
    'bias and relu',
    [f32(50, 33), f32(33)],
    (e, a, b) => {
      const sum = emit.add(e, a!, emit.broadcastInDim(e, b!, [50, 33], [1]));
      return [emit.maximum(e, sum, emit.constantLike(e, sum, 0))];
    },
  ],
  [
    'products of bools',
    [tensorType('bool', [9, 4]), tensorType('bool', [4, 20])],
    (e, a, b) => {
      const dimensions = { lhsContractingDimensions: [1], rhsContractingDimensions: [0] };
      return [emit.dotGeneral(e, a!, b!, dimensions), emit.dotGeneral(e, a!, b!, { ...dimensions, dtype: 'int32' })];
    },
  ],
  ['transpose', [f32(20, 30, 17)], (e, a) => [emit.transpose(e, a!, [2, 0, 1]), emit.transpose(e, a!, [0, 2, 1])]],
  ['reverse and slice', [f32(9, 40)], (e, a) => [emit.reverse(e, a!, [1]), emit.slice(e, a!, [1, 3], [9, 38], [2, 3])]],
  ['pad', [f32(5, 24), f32()], (e, a, v) => [emit.pad(e, a!, v!, [1, -1], [2, 3], [1, 2])]],
  ['concatenate', [f32(6, 10), f32(6, 23)], (e, a, b) => [emit.concatenate(e, [a!, b!, a!], 1)]],
  [
    'iota',
    [],
    (e) => [emit.iota(e, f32(3, 40), 1), emit.iota(e, i32(3, 40), 0), emit.iota(e, tensorType('uint8', [300]), 0)],
  ],
  [
    'sums',
    [f32(70, 90)],
    (e, a) => [emit.reduceSum(e, a!, [0]), emit.reduceSum(e, a!, [1]), emit.reduceSum(e, a!, [0, 1])],
  ],
  ['sum of a long column', [f32(5000, 3)], (e, a) => [emit.reduceSum(e, a!, [0])]],
  [
    'sum of a long row',
    [f32(3, 70001)],
    (e, a) => [emit.reduceSum(e, a!, [1])],
    // Exact in any order: the evaluator's own rounding would drown ours.
    [Float32Array.from({ length: 210003 }, (_, i) => (i * 7) % 32)],
  ],
  [
    'extremes',
    [f32(40, 37)],
    (e, a) => [
      emit.reduceMax(e, a!, [1]),
      emit.reduceMin(e, a!, [0]),
      emit.reduceProd(e, emit.multiply(e, a!, emit.constantLike(e, a!, 0.5)), [1]),
    ],
  ],
  [
    'logical reductions',
    [tensorType('bool', [30, 37])],
    (e, a) => [emit.reduceAnd(e, a!, [1]), emit.reduceOr(e, a!, [0])],
  ],
  [
    'softmax',
    [f32(40, 37)],
    (e, a) => {
      const max = emit.reduceMax(e, a!, [1]);
      const exp = emit.exponential(e, emit.subtract(e, a!, emit.broadcastInDim(e, max, [40, 37], [0])));
      const sum = emit.reduceSum(e, exp, [1]);
      return [emit.divide(e, exp, emit.broadcastInDim(e, sum, [40, 37], [0]))];
    },
  ],
  ['argmax', [f32(40, 37)], (e, a) => [argMax(e, a!, 1), argMax(e, a!, 0)]],
  ['max pooling', [f32(4, 8, 8, 37)], (e, a) => [emit.reduceWindowMax(e, a!, pooling(2, 2, 0))]],
  ['sum pooling, padded', [f32(4, 8, 8, 37)], (e, a) => [emit.reduceWindowSum(e, a!, pooling(3, 2, 1))]],
  ['gradient of max pooling', [f32(4, 8, 8, 37), f32(4, 4, 4, 37)], (e, a, g) => [poolGradient(e, a!, g!, 2, 2, 0)]],
  [
    'gradient of overlapping pooling',
    [f32(2, 8, 8, 12), f32(2, 6, 6, 12)],
    (e, a, g) => [poolGradient(e, a!, g!, 3, 1, 0)],
  ],
  [
    'embedding',
    [f32(50, 36), i32(20, 1)],
    (e, a, i) => [
      emit.gather(e, a!, i!, {
        offsetDims: [1],
        collapsedSliceDims: [0],
        operandBatchingDims: [],
        startIndicesBatchingDims: [],
        startIndexMap: [0],
        indexVectorDim: 1,
        sliceSizes: [1, 36],
        indicesAreSorted: false,
      }),
    ],
  ],
  [
    'gradient of an embedding',
    [i32(20, 1), f32(20, 36)],
    (e, i, u) =>
      emit.scatter(e, [emit.fill(e, f32(50, 36), 0)], i!, [u!], { ...rows, body: scalarRegion('float32', 'add') }),
  ],
  [
    'scatter, last wins',
    [f32(50, 36), i32(20, 1), f32(20, 36)],
    (e, a, i, u) => emit.scatter(e, [a!], i!, [u!], { ...rows, body: assignRegion('float32') }),
  ],
  [
    'one-hot',
    [i32(33)],
    (e, labels) => {
      const positions = emit.iota(e, i32(33, 10), 1);
      return [
        emit.convert(e, emit.compare(e, emit.broadcastInDim(e, labels!, [33, 10], [0]), positions, 'EQ'), 'float32'),
      ];
    },
  ],
  [
    'dynamic slices',
    [f32(20, 30), f32(3, 9), i32(), i32()],
    (e, a, u, i, j) => [emit.dynamicSlice(e, a!, [i!, j!], [5, 12]), emit.dynamicUpdateSlice(e, a!, u!, [i!, j!])],
  ],
  ['sort', [f32(7, 65), i32(7, 65)], (e, a, b) => emit.sort(e, [a!, b!], 1)],
  [
    'threefry round',
    [tensorType('uint32', [101]), tensorType('uint32', [101])],
    (e, a, b) => {
      const sum = emit.add(e, a!, b!);
      const left = emit.shiftLeft(e, b!, emit.constantLike(e, b!, 13));
      const right = emit.shiftRightLogical(e, b!, emit.constantLike(e, b!, 19));
      return [emit.xor(e, emit.or(e, left, right), sum)];
    },
  ],
  [
    'float64 chain',
    [tensorType('float64', [101])],
    (e, a) => [emit.tanh(e, emit.multiply(e, a!, emit.add(e, a!, a!)))],
  ],
  [
    'mixed precision',
    [tensorType('bfloat16', [101]), f32(101)],
    (e, a, b) => [
      emit.convert(e, emit.add(e, emit.convert(e, a!, 'float32'), b!), 'bfloat16'),
      emit.convert(e, b!, 'float16'),
    ],
  ],
  [
    'while',
    [f32(40), i32()],
    (e, x, n) => {
      const condition = buildProgram([f32(40), i32()], (c, _x, i) => [
        emit.compare(c, i!, emit.fill(c, i32(), 9), 'LT'),
      ]);
      const body = buildProgram([f32(40), i32()], (c, a, i) => [
        emit.add(c, a!, emit.reverse(c, a!, [0])),
        emit.add(c, i!, emit.fill(c, i32(), 1)),
      ]);
      return emit.whileLoop(e, [x!, n!], condition, body);
    },
    [Float32Array.from({ length: 40 }, (_, i) => i), Int32Array.of(2)],
  ],
  ...[0, 1, 2, -1, 7].map(
    (index): Case => [
      `case ${index}`,
      [i32(), f32(40)],
      (e, i, x) =>
        emit.caseOf(
          e,
          i!,
          [x!],
          [
            buildProgram([f32(40)], (c, a) => [emit.negate(c, a!)]),
            buildProgram([f32(40)], (c, a) => [emit.add(c, a!, a!)]),
            buildProgram([f32(40)], (_, a) => [a!]),
          ],
        ),
      [Int32Array.of(index), Float32Array.from({ length: 40 }, (_, i) => i)],
    ],
  ),
  [
    'a matrix product in a loop',
    [f32(24, 24), i32()],
    (e, x, n) => {
      const condition = buildProgram([f32(24, 24), i32()], (c, _x, i) => [
        emit.compare(c, i!, emit.fill(c, i32(), 4), 'LT'),
      ]);
      const body = buildProgram([f32(24, 24), i32()], (c, a, i) => [
        emit.tanh(c, emit.dotGeneral(c, a!, a!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] })),
        emit.add(c, i!, emit.fill(c, i32(), 1)),
      ]);
      return emit.whileLoop(e, [x!, n!], condition, body);
    },
    [Float32Array.from({ length: 576 }, (_, i) => Math.sin(i) / 8), Int32Array.of(0)],
  ],
];

function argMax(e: Emitter, a: Value, dimension: number): Value {
  const { shape, dtype } = a.type;
  const element = (type: DType): TensorType => tensorType(type, []);
  const body = buildProgram([element(dtype), i32(), element(dtype), i32()], (b, x, xi, y, yi) => {
    const takes = emit.compare(b, y!, x!, 'GT');
    return [emit.select(b, takes, y!, x!), emit.select(b, takes, yi!, xi!)];
  });
  const initials = [emit.fill(e, f32(), Number.NEGATIVE_INFINITY), emit.fill(e, i32(), 0)];
  return emit.reduce(e, [a, emit.iota(e, i32(...shape), dimension)], initials, [dimension], body)[1]!;
}

function poolGradient(e: Emitter, a: Value, g: Value, window: number, stride: number, padding: number): Value {
  return emit.selectAndScatter(e, a, g, emit.fill(e, f32(), 0), {
    ...pooling(window, stride, padding),
    select: buildProgram([f32(), f32()], (s, x, y) => [emit.compare(s, x!, y!, 'GE')]),
    scatter: scalarRegion('float32', 'add'),
  });
}

/** Softmax-like steps: a row-wise maximum between loops over all, `times` over. */
const repeated = (times: number) =>
  buildProgram([f32(12, 33)], (e, a) => {
    let value = a!;
    for (let i = 0; i < times; i++) {
      const row = emit.reduceMax(e, value, [1]);
      value = emit.subtract(e, value, emit.broadcastInDim(e, row, [12, 33], [0]));
    }
    return [value];
  });

/** 1 / (a · 0) and 1 / (b · -0): the same loops but for the sign of a zero. */
const zeros = buildProgram([f32(40), f32(50)], (e, a, b) =>
  [a!, emit.slice(e, b!, [0], [40], [1])].map((x, i) => {
    const product = emit.multiply(e, x, emit.constantLike(e, x, i === 0 ? 0 : -0));
    return emit.divide(e, emit.constantLike(e, x, 1), product);
  }),
);

const differentLoops = (program: Program) => Number(/(\d+) different loops/.exec(plain.compile(program).explain())![1]);

describe('equal loops', () => {
  it('are one function, however often they run', () => {
    expect(differentLoops(repeated(40))).toBe(differentLoops(repeated(20)));
    expectProgram(repeated(20), randomInputs(repeated(20)));
  });

  it('differ by the sign of a zero', () => {
    expect(differentLoops(zeros)).toBe(2);
    const [a, b] = [new Float32Array(40).fill(2), new Float32Array(50).fill(2)];
    expect(evaluateProgram(zeros, [a, b]).map((result) => result[0])).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
    expectProgram(zeros, [a, b]);
  });
});

describe('programs', () => {
  for (const [name, inputs, body, data] of cases) {
    it(name, () => {
      const program = buildProgram(inputs, body);
      expectProgram(
        program,
        data ??
          withIndices(
            program.inputs.map(({ type }) => type),
            randomInputs(program),
          ),
      );
    });
  }
});

/** Integer inputs become rows that exist, and a few that do not. */
function withIndices(types: readonly TensorType[], data: readonly HostArray[]): HostArray[] {
  return data.map((array, i) =>
    types[i]!.dtype === 'int32' ? Int32Array.from(array as Int32Array, (value) => Math.abs(value) % 13) : array,
  );
}
