import {
  buildProgram,
  type DType,
  type Emitter,
  scalarRegion,
  type TensorType,
  tensorType,
  type Value,
} from '@ceratops/kernel-registry';
import * as emit from '@ceratops/kernel-registry/emit';
import { assignRegion } from '@ceratops/kernel-registry/regions';
import { describe, it } from 'vitest';
import { expectCompiles, randomInputs } from './test-support/check.js';

const f32 = (...shape: number[]): TensorType => tensorType('float32', shape);
const i32 = (...shape: number[]): TensorType => tensorType('int32', shape);

type Body = (emitter: Emitter, ...values: Value[]) => readonly Value[];

interface Case {
  readonly name: string;
  readonly inputs: readonly TensorType[];
  readonly body: Body;
}

function one(name: string, inputs: readonly TensorType[], body: (emitter: Emitter, ...values: Value[]) => Value): Case {
  return { name, inputs, body: (emitter, ...values) => [body(emitter, ...values)] };
}

const argMax = (element: DType): ReturnType<typeof buildProgram> =>
  buildProgram(
    [tensorType(element, []), i32(), tensorType(element, []), i32()],
    (e, a, ai, b, bi) => {
      const takes = emit.compare(e, b!, a!, 'GT');
      return [emit.select(e, takes, b!, a!), emit.select(e, takes, bi!, ai!)];
    },
    'argmax',
  );

const cases: readonly Case[] = [
  one('chain', [f32(7, 13), f32(7, 13)], (e, a, b) => emit.tanh(e, emit.multiply(e, emit.add(e, a!, b!), a!))),
  one('bias and relu', [f32(5, 3, 8), f32(8)], (e, a, b) => {
    const sum = emit.add(e, a!, emit.broadcastInDim(e, b!, [5, 3, 8], [2]));
    return emit.maximum(e, sum, emit.constantLike(e, sum, 0));
  }),
  one('row broadcast of something expensive', [f32(9, 1), f32(9, 6)], (e, a, b) =>
    emit.add(e, emit.broadcastInDim(e, emit.exponential(e, a!), [9, 6], [0, 1]), b!),
  ),
  one('transpose', [f32(4, 5, 6)], (e, a) => emit.transpose(e, a!, [2, 0, 1])),
  one('transpose of a sum', [f32(4, 5), f32(5, 4)], (e, a, b) =>
    emit.add(e, emit.transpose(e, emit.add(e, a!, a!), [1, 0]), b!),
  ),
  one('reshape that does not fit', [f32(6, 4), f32(3, 8)], (e, a, b) =>
    emit.add(e, emit.reshape(e, emit.transpose(e, emit.reshape(e, a!, [4, 6]), [1, 0]), [3, 8]), b!),
  ),
  one('slice with strides', [f32(10, 9)], (e, a) => emit.slice(e, a!, [1, 2], [9, 8], [3, 2])),
  one('reverse', [f32(4, 5, 3)], (e, a) => emit.negate(e, emit.reverse(e, a!, [0, 2]))),
  one('reverse then reshape', [f32(4, 6)], (e, a) => emit.reshape(e, emit.reverse(e, a!, [1]), [8, 3])),
  one('pad, negative and interior', [f32(5, 4), f32()], (e, a, v) => emit.pad(e, a!, v!, [1, -1], [2, 3], [1, 2])),
  one('pad within a sum', [f32(5, 4), f32(7, 4)], (e, a, b) =>
    emit.add(e, emit.pad(e, a!, emit.fill(e, f32(), 0), [1, 0], [1, 0]), b!),
  ),
  one('concatenate', [f32(2, 3, 4), f32(2, 1, 4), f32(2, 5, 4)], (e, a, b, c) =>
    emit.concatenate(e, [emit.negate(e, a!), b!, c!], 1),
  ),
  one('iota', [], (e) => emit.add(e, emit.iota(e, i32(3, 4, 5), 1), emit.iota(e, i32(3, 4, 5), 2))),
  one('sum of all', [f32(30, 40)], (e, a) => emit.reduceSum(e, a!, [0, 1])),
  one('sum of rows', [f32(30, 41)], (e, a) => emit.reduceSum(e, a!, [1])),
  one('sum of columns', [f32(30, 41)], (e, a) => emit.reduceSum(e, a!, [0])),
  one('sum of columns, many', [f32(3000, 7)], (e, a) => emit.reduceSum(e, a!, [0])),
  one('sum of middle', [f32(5, 6, 7)], (e, a) => emit.reduceSum(e, a!, [1])),
  one('sum of outer and inner', [f32(5, 6, 7)], (e, a) => emit.reduceSum(e, a!, [0, 2])),
  one('sum of a long row', [f32(2, 9001)], (e, a) => emit.reduceSum(e, a!, [1])),
  one('mean of squares with epilogue', [f32(6, 10), f32(10)], (e, a, b) => {
    const x = emit.add(e, a!, emit.broadcastInDim(e, b!, [6, 10], [1]));
    const sum = emit.reduceSum(e, emit.multiply(e, x, x), [1]);
    return emit.sqrt(e, emit.multiply(e, sum, emit.constantLike(e, sum, 0.1)));
  }),
  one(
    'max with initial value',
    [f32(6, 10), f32()],
    (e, a, init) => emit.reduce(e, [a!], [init!], [0], scalarRegion('float32', 'maximum'))[0]!,
  ),
  { name: 'argmax of rows', inputs: [f32(6, 10)], body: (e, a) => argMaxOver(e, a!, 1) },
  { name: 'argmax of columns', inputs: [f32(6, 10)], body: (e, a) => argMaxOver(e, a!, 0) },
  {
    name: 'softmax',
    inputs: [f32(9, 11)],
    body: (e, a) => {
      const max = emit.reduceMax(e, a!, [1]);
      const exp = emit.exponential(e, emit.subtract(e, a!, emit.broadcastInDim(e, max, [9, 11], [0])));
      const sum = emit.reduceSum(e, exp, [1]);
      return [emit.divide(e, exp, emit.broadcastInDim(e, sum, [9, 11], [0]))];
    },
  },
  {
    name: 'moments of a batch, and what follows them',
    inputs: [f32(40, 6)],
    body: (e, a) => {
      const sum = emit.reduceSum(e, a!, [0]);
      const squares = emit.reduceSum(e, emit.multiply(e, a!, a!), [0]);
      const scale = emit.constantLike(e, sum, 1 / 40);
      const mean = emit.multiply(e, sum, scale);
      const variance = emit.subtract(e, emit.multiply(e, squares, scale), emit.multiply(e, mean, mean));
      return [mean, variance, emit.reduceMax(e, a!, [0])];
    },
  },
  one('empty reduce', [f32(0, 4)], (e, a) => emit.reduceSum(e, a!, [0])),
  one('dot', [f32(7, 9), f32(9, 8)], (e, a, b) =>
    emit.dotGeneral(e, a!, b!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0] }),
  ),
  one('dot, rows by rows, batched', [f32(3, 7, 9), f32(3, 8, 9)], (e, a, b) =>
    emit.dotGeneral(e, a!, b!, {
      lhsBatchingDimensions: [0],
      rhsBatchingDimensions: [0],
      lhsContractingDimensions: [2],
      rhsContractingDimensions: [2],
    }),
  ),
  one('dot of int8 to int32', [tensorType('int8', [4, 5]), tensorType('int8', [5, 6])], (e, a, b) =>
    emit.dotGeneral(e, a!, b!, { lhsContractingDimensions: [1], rhsContractingDimensions: [0], dtype: 'int32' }),
  ),
  one('max pooling', [f32(2, 6, 6, 5)], (e, a) =>
    emit.reduceWindowMax(e, a!, {
      windowDimensions: [1, 2, 2, 1],
      windowStrides: [1, 2, 2, 1],
      padding: [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    }),
  ),
  one('sum pooling, padded', [f32(2, 5, 6, 3)], (e, a) =>
    emit.reduceWindowSum(e, a!, {
      windowDimensions: [1, 3, 3, 1],
      windowStrides: [1, 2, 1, 1],
      padding: [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 0],
      ],
    }),
  ),
  one(
    'reduce_window with dilations',
    [f32(2, 5, 6, 3), f32()],
    (e, a, init) =>
      emit.reduceWindow(e, [a!], [init!], {
        windowDimensions: [1, 2, 3, 1],
        windowStrides: [1, 1, 2, 1],
        padding: [
          [0, 0],
          [1, 1],
          [0, 2],
          [0, 0],
        ],
        baseDilations: [1, 2, 1, 1],
        windowDilations: [1, 2, 2, 1],
        body: scalarRegion('float32', 'maximum'),
      })[0]!,
  ),
  one('gradient of max pooling', [f32(2, 6, 6, 5), f32(2, 3, 3, 5)], (e, a, g) => pooledGradient(e, a!, g!, 2, 2, 0)),
  one('gradient of max pooling that leaves a border', [f32(2, 7, 7, 5), f32(2, 3, 3, 5)], (e, a, g) =>
    pooledGradient(e, a!, g!, 2, 2, 0),
  ),
  one('gradient of overlapping max pooling', [f32(2, 6, 6, 5), f32(2, 4, 4, 5)], (e, a, g) =>
    pooledGradient(e, a!, g!, 3, 1, 0),
  ),
  one('gradient of padded max pooling', [f32(2, 6, 6, 5), f32(2, 4, 4, 5)], (e, a, g) =>
    pooledGradient(e, a!, g!, 2, 2, 1),
  ),
  one('dynamic_slice', [f32(8, 9), i32(), i32()], (e, a, i, j) => emit.dynamicSlice(e, a!, [i!, j!], [3, 4])),
  one('dynamic_update_slice', [f32(8, 9), f32(3, 4), i32(), i32()], (e, a, u, i, j) =>
    emit.dynamicUpdateSlice(e, a!, emit.negate(e, u!), [i!, j!]),
  ),
  one('gather of rows', [f32(6, 5), i32(4, 2)], (e, a, i) =>
    emit.gather(e, a!, i!, {
      offsetDims: [2],
      collapsedSliceDims: [0],
      operandBatchingDims: [],
      startIndicesBatchingDims: [],
      startIndexMap: [0],
      indexVectorDim: 2,
      sliceSizes: [1, 5],
      indicesAreSorted: false,
    }),
  ),
  one('gather of windows, batched', [f32(3, 8, 5), i32(3, 4, 2)], (e, a, i) =>
    emit.gather(e, a!, i!, {
      offsetDims: [1, 2],
      collapsedSliceDims: [],
      operandBatchingDims: [0],
      startIndicesBatchingDims: [0],
      startIndexMap: [2, 1],
      indexVectorDim: 2,
      sliceSizes: [1, 3, 2],
      indicesAreSorted: false,
    }),
  ),
  one(
    'scatter-add of rows',
    [f32(6, 5), i32(4, 1), f32(4, 5)],
    (e, a, i, u) => emit.scatter(e, [a!], i!, [emit.negate(e, u!)], rowScatter(scalarRegion('float32', 'add')))[0]!,
  ),
  one(
    'scatter of rows into zeros',
    [i32(4, 1), f32(4, 5)],
    (e, i, u) => emit.scatter(e, [emit.fill(e, f32(6, 5), 0)], i!, [u!], rowScatter(assignRegion('float32')))[0]!,
  ),
  one(
    'scatter of windows',
    [f32(6, 5), i32(4, 2), f32(4, 2, 3)],
    (e, a, i, u) =>
      emit.scatter(e, [a!], i!, [u!], {
        updateWindowDims: [1, 2],
        insertedWindowDims: [],
        inputBatchingDims: [],
        scatterIndicesBatchingDims: [],
        scatterDimsToOperandDims: [0, 1],
        indexVectorDim: 1,
        indicesAreSorted: false,
        uniqueIndices: false,
        body: scalarRegion('float32', 'maximum'),
      })[0]!,
  ),
  { name: 'sort with values', inputs: [f32(5, 17), i32(5, 17)], body: (e, a, b) => emit.sort(e, [a!, b!], 1) },
  { name: 'sort of columns', inputs: [i32(33, 4)], body: (e, a) => emit.sort(e, [a!], 0) },
  one('convolution, same padding', [f32(2, 7, 6, 3), f32(3, 3, 3, 4)], (e, a, k) => convolve(e, a!, k!, {})),
  one('convolution, strided and dilated', [f32(2, 7, 8, 3), f32(3, 2, 3, 4)], (e, a, k) =>
    convolve(e, a!, k!, { windowStrides: [2, 1], rhsDilation: [1, 2], lhsDilation: [1, 2] }),
  ),
  one('convolution with feature groups, reversed', [f32(2, 7, 6, 4), f32(3, 3, 2, 6)], (e, a, k) =>
    convolve(e, a!, k!, { featureGroupCount: 2, windowReversal: [true, false] }),
  ),
  one('convolution with batch groups', [f32(4, 5, 5, 3), f32(3, 3, 3, 6)], (e, a, k) =>
    convolve(e, a!, k!, { batchGroupCount: 2 }),
  ),
  {
    name: 'while',
    inputs: [f32(4), i32()],
    body: (e, x, n) => {
      const condition = buildProgram([f32(4), i32()], (c, _x, i) => [
        emit.compare(c, i!, emit.fill(c, i32(), 9), 'LT'),
      ]);
      const body = buildProgram([f32(4), i32()], (c, a, i) => [
        emit.add(c, a!, emit.reverse(c, a!, [0])),
        emit.add(c, i!, emit.fill(c, i32(), 1)),
      ]);
      return emit.whileLoop(e, [x!, n!], condition, body);
    },
  },
  {
    name: 'case',
    inputs: [i32(), f32(4)],
    body: (e, i, x) =>
      emit.caseOf(
        e,
        i!,
        [x!],
        [
          buildProgram([f32(4)], (c, a) => [emit.negate(c, a!)]),
          buildProgram([f32(4)], (c, a) => [emit.add(c, a!, a!)]),
        ],
      ),
  },
  {
    name: 'the same value twice, an input, a view and a constant as outputs',
    inputs: [f32(4, 3)],
    body: (e, a) => {
      const sum = emit.add(e, a!, a!);
      return [sum, sum, a!, emit.reshape(e, a!, [12]), emit.reshape(e, sum, [3, 4]), emit.fill(e, f32(3), 2)];
    },
  },
  one('bitcast', [f32(5)], (e, a) => emit.bitcastConvert(e, emit.negate(e, a!), tensorType('uint32', [5]))),
  one('bitcast to bytes', [f32(5)], (e, a) => emit.bitcastConvert(e, emit.negate(e, a!), tensorType('uint8', [5, 4]))),
];

function argMaxOver(e: Emitter, a: Value, dimension: number): readonly Value[] {
  const positions = emit.iota(e, i32(6, 10), dimension);
  const initials = [emit.fill(e, f32(), Number.NEGATIVE_INFINITY), emit.fill(e, i32(), 0)];
  return emit.reduce(e, [a, positions], initials, [dimension], argMax('float32'));
}

function pooledGradient(e: Emitter, a: Value, g: Value, window: number, stride: number, padding: number): Value {
  const select = buildProgram([f32(), f32()], (s, x, y) => [emit.compare(s, x!, y!, 'GE')]);
  return emit.selectAndScatter(e, a, g, emit.fill(e, f32(), 0), {
    windowDimensions: [1, window, window, 1],
    windowStrides: [1, stride, stride, 1],
    padding: [
      [0, 0],
      [padding, padding],
      [padding, padding],
      [0, 0],
    ],
    select,
    scatter: scalarRegion('float32', 'add'),
  });
}

function rowScatter(body: ReturnType<typeof scalarRegion>): Parameters<typeof emit.scatter>[4] {
  return {
    updateWindowDims: [1],
    insertedWindowDims: [0],
    inputBatchingDims: [],
    scatterIndicesBatchingDims: [],
    scatterDimsToOperandDims: [0],
    indexVectorDim: 1,
    indicesAreSorted: false,
    uniqueIndices: false,
    body,
  };
}

function convolve(e: Emitter, a: Value, k: Value, changes: Partial<Parameters<typeof emit.convolution>[3]>): Value {
  return emit.convolution(e, a, k, {
    windowStrides: [1, 1],
    padding: [
      [1, 1],
      [1, 0],
    ],
    lhsDilation: [1, 1],
    rhsDilation: [1, 1],
    windowReversal: [false, false],
    inputBatchDimension: 0,
    inputFeatureDimension: 3,
    inputSpatialDimensions: [1, 2],
    kernelInputFeatureDimension: 2,
    kernelOutputFeatureDimension: 3,
    kernelSpatialDimensions: [0, 1],
    outputBatchDimension: 0,
    outputFeatureDimension: 3,
    outputSpatialDimensions: [1, 2],
    featureGroupCount: 1,
    batchGroupCount: 1,
    precision: 'default',
    dtype: 'float32',
    ...changes,
  });
}

describe('lowering agrees with the evaluator', () => {
  it.each(cases)('$name', ({ name, inputs, body }) => {
    const program = buildProgram(inputs, body, name);
    expectCompiles(program, randomInputs(program));
  });
});
