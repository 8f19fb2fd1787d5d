/** At least one program per op, for round trips through text and for runs in XLA. Total over the opset. */

import { buildProgram } from '../../any-op.js';
import { assignRegion } from '../../assign-region.js';
import type { Emitter, Value } from '../../builder.js';
import type { DType } from '../../dtype.js';
import { type BinaryOp, binaryOps, type OpAttributes, type OpName, type UnaryOp, unaryOps } from '../../opset.js';
import type { Program } from '../../program.js';
import { comparatorRegion, scalarRegion } from '../../region.js';
import { type TensorType, tensorType } from '../../tensor-type.js';

type Body = (emitter: Emitter, ...values: Value[]) => readonly Value[];

const f32 = (...shape: number[]): TensorType => tensorType('float32', shape);
const i32 = (...shape: number[]): TensorType => tensorType('int32', shape);
const of = (dtype: DType, ...shape: number[]): TensorType => tensorType(dtype, shape);

/** One op on inputs of these types. */
function single<O extends OpName>(op: O, inputs: readonly TensorType[], attributes: OpAttributes[O]): Program {
  const body: Body = (emitter, ...values) => emitter.emit(op, values, attributes);
  return buildProgram(inputs, body, op);
}

const allDTypes: readonly DType[] = [
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float16',
  'bfloat16',
  'float32',
  'float64',
  'complex64',
  'complex128',
];
const integers = allDTypes.filter((dtype) => dtype.includes('int'));
const floats: readonly DType[] = ['float16', 'bfloat16', 'float32', 'float64'];
const complexes: readonly DType[] = ['complex64', 'complex128'];
const numbers = [...integers, ...floats, ...complexes];
const reals = [...integers, ...floats];

const unaryDTypes: { readonly [O in UnaryOp]: readonly DType[] } = {
  abs: [...integers.filter((dtype) => dtype.startsWith('int')), ...floats, ...complexes],
  negate: numbers,
  sign: numbers.filter((dtype) => !dtype.startsWith('u')),
  floor: floats,
  ceil: floats,
  round_nearest_even: floats,
  exponential: [...floats, ...complexes],
  exponential_minus_one: [...floats, ...complexes],
  log: [...floats, ...complexes],
  log_plus_one: [...floats, ...complexes],
  sqrt: [...floats, ...complexes],
  sine: [...floats, ...complexes],
  cosine: [...floats, ...complexes],
  tanh: [...floats, ...complexes],
  is_finite: floats,
  not: ['bool', ...integers],
};

const binaryDTypes: { readonly [O in BinaryOp]: readonly DType[] } = {
  add: allDTypes,
  subtract: numbers,
  multiply: allDTypes,
  divide: numbers,
  remainder: reals,
  power: numbers,
  maximum: ['bool', ...reals],
  minimum: ['bool', ...reals],
  atan2: floats,
  and: ['bool', ...integers],
  or: ['bool', ...integers],
  xor: ['bool', ...integers],
  shift_left: integers,
  shift_right_arithmetic: integers,
  shift_right_logical: integers,
};

function unarySamples(op: UnaryOp): Program[] {
  return unaryDTypes[op].map((dtype) => single(op, [of(dtype, 2, 3)], {}));
}

function binarySamples(op: BinaryOp): Program[] {
  return binaryDTypes[op].map((dtype) => single(op, [of(dtype, 2, 3), of(dtype, 2, 3)], {}));
}

type TabledOp = UnaryOp | BinaryOp;

const tabled = Object.fromEntries([
  ...[...(unaryOps as ReadonlySet<UnaryOp>)].map((op) => [op, unarySamples(op)]),
  ...[...(binaryOps as ReadonlySet<BinaryOp>)].map((op) => [op, binarySamples(op)]),
]) as { readonly [O in TabledOp]: Program[] };

function constants(): Program[] {
  const programs = [
    new Float32Array([0, -0, NaN, Infinity, -Infinity, 0.1, 1e-45, 3.4028234663852886e38]),
    Float32Array.from({ length: 100 }, (_, i) => Math.sin(i)),
  ].map((data) => single('constant', [], { value: { type: f32(data.length), data } }));
  programs.push(
    single('constant', [], { value: { type: f32(3, 4), data: new Float32Array([2.5]) } }),
    single('constant', [], { value: { type: f32(0, 4), data: new Float32Array(0) } }),
    single('constant', [], {
      value: { type: of('bool', 50), data: Uint8Array.from({ length: 50 }, (_, i) => +(i % 3 < 1)) },
    }),
    single('constant', [], { value: { type: of('float16', 4), data: new Uint16Array([0x3c00, 0x7e00, 0xfc00, 1]) } }),
    single('constant', [], { value: { type: of('bfloat16', 3), data: new Uint16Array([0x3f80, 0x8000, 0x7f80]) } }),
    single('constant', [], { value: { type: of('float64', 2), data: new Float64Array([Math.PI, 5e-324]) } }),
    single('constant', [], {
      value: { type: of('int64', 2), data: new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]) },
    }),
    single('constant', [], { value: { type: of('uint64', 1), data: new BigUint64Array([2n ** 64n - 1n]) } }),
    single('constant', [], { value: { type: of('int8', 2, 2), data: new Int8Array([-128, 127, 0, 1]) } }),
    single('constant', [], { value: { type: of('complex64', 2), data: new Float32Array([1, -2, NaN, -0]) } }),
    single('constant', [], { value: { type: of('complex128', 2), data: new Float64Array([0.5, 3]) } }),
  );
  return programs;
}

const convolution: OpAttributes['convolution'] = {
  windowStrides: [2, 1],
  padding: [
    [1, 2],
    [0, -1],
  ],
  lhsDilation: [1, 2],
  rhsDilation: [2, 1],
  windowReversal: [false, true],
  inputBatchDimension: 0,
  inputFeatureDimension: 3,
  inputSpatialDimensions: [1, 2],
  kernelInputFeatureDimension: 2,
  kernelOutputFeatureDimension: 3,
  kernelSpatialDimensions: [0, 1],
  outputBatchDimension: 0,
  outputFeatureDimension: 1,
  outputSpatialDimensions: [2, 3],
  featureGroupCount: 1,
  batchGroupCount: 1,
  precision: 'default',
  dtype: 'float32',
};

const dot: OpAttributes['dot_general'] = {
  lhsBatchingDimensions: [0],
  rhsBatchingDimensions: [2],
  lhsContractingDimensions: [2],
  rhsContractingDimensions: [0],
  precision: 'default',
  dtype: 'float32',
};

const gather: OpAttributes['gather'] = {
  offsetDims: [2],
  collapsedSliceDims: [1],
  operandBatchingDims: [0],
  startIndicesBatchingDims: [0],
  startIndexMap: [1, 2],
  indexVectorDim: 2,
  sliceSizes: [1, 1, 2],
  indicesAreSorted: false,
};

const scatter: OpAttributes['scatter'] = {
  updateWindowDims: [2],
  insertedWindowDims: [1],
  inputBatchingDims: [0],
  scatterIndicesBatchingDims: [0],
  scatterDimsToOperandDims: [1, 2],
  indexVectorDim: 2,
  indicesAreSorted: false,
  uniqueIndices: false,
  body: scalarRegion('float32', 'add'),
};

/** (maximum, its index): a variadic reducer. */
const argMax: Program = buildProgram([f32(), i32(), f32(), i32()], (e, accumulated, at, value, index) => {
  const [larger] = e.emit('compare', [accumulated!, value!], { direction: 'GE' });
  return [e.emit('select', [larger!, accumulated!, value!], {})[0]!, e.emit('select', [larger!, at!, index!], {})[0]!];
});

const window = {
  windowDimensions: [2, 3],
  windowStrides: [2, 1],
  padding: [
    [0, 1],
    [1, 1],
  ] as const,
};

const below10: Program = buildProgram([i32(), f32(4)], (e, count) => {
  const [limit] = e.emit('constant', [], { value: { type: i32(), data: new Int32Array([10]) } });
  return e.emit('compare', [count!, limit!], { direction: 'LT' });
});

const doubleEach: Program = buildProgram([i32(), f32(4)], (e, count, x) => {
  const [one] = e.emit('constant', [], { value: { type: i32(), data: new Int32Array([1]) } });
  return [e.emit('add', [count!, one!], {})[0]!, e.emit('add', [x!, x!], {})[0]!];
});

const branchTypes = [f32(3), f32(3)];
const branches: readonly Program[] = [
  buildProgram(branchTypes, (e, a, b) => [e.emit('add', [a!, b!], {})[0]!, a!]),
  buildProgram(branchTypes, (e, a, b) => [e.emit('multiply', [a!, b!], {})[0]!, b!]),
];

const square: Program = buildProgram([f32(3)], (e, x) => e.emit('multiply', [x!, x!], {}));

const solve: OpAttributes['triangular_solve'] = {
  leftSide: true,
  lower: true,
  unitDiagonal: false,
  transposeA: 'NO_TRANSPOSE',
};

const running = buildProgram([f32(2), f32(2)], (e, sum, x) => {
  const [next] = e.emit('add', [sum!, x!], {});
  return [next!, next!];
});

export const samples: { readonly [O in OpName]: readonly Program[] } = {
  ...tabled,
  compare: allDTypes.map((dtype) =>
    single('compare', [of(dtype, 4), of(dtype, 4)], { direction: complexes.includes(dtype) ? 'EQ' : 'LT' }),
  ),
  select: [
    single('select', [of('bool', 3), f32(3), f32(3)], {}),
    single('select', [of('bool'), of('complex64', 3), of('complex64', 3)], {}),
  ],
  convert: allDTypes.flatMap((from) =>
    allDTypes
      .filter((to) => from !== to && !complexes.includes(from))
      .map((to) => single('convert', [of(from, 4)], { dtype: to })),
  ),
  bitcast_convert: [
    single('bitcast_convert', [f32(3)], { type: of('uint32', 3) }),
    single('bitcast_convert', [f32(3)], { type: of('uint8', 3, 4) }),
    single('bitcast_convert', [of('uint16', 3, 4)], { type: of('int64', 3) }),
  ],
  constant: constants(),
  iota: [...numbers].map((dtype) => single('iota', [], { type: of(dtype, 3, 4), dimension: 1 })),
  reshape: [single('reshape', [f32(2, 6)], { shape: [3, 4] }), single('reshape', [f32()], { shape: [1, 1] })],
  broadcast_in_dim: [
    single('broadcast_in_dim', [f32(1, 3)], { shape: [3, 2, 4], broadcastDimensions: [1, 0] }),
    single('broadcast_in_dim', [f32()], { shape: [2], broadcastDimensions: [] }),
  ],
  transpose: [single('transpose', [f32(2, 3, 4)], { permutation: [2, 0, 1] })],
  slice: [single('slice', [f32(5, 6)], { startIndices: [1, 0], limitIndices: [5, 6], strides: [2, 3] })],
  pad: [single('pad', [f32(3, 4), f32()], { low: [1, -1], high: [-1, 2], interior: [2, 0] })],
  concatenate: [single('concatenate', [f32(2, 3), f32(2, 1)], { dimension: 1 })],
  reverse: [single('reverse', [f32(2, 3, 2)], { dimensions: [0, 2] })],
  gather: [single('gather', [f32(2, 3, 4), i32(2, 5, 2)], gather)],
  scatter: [
    single('scatter', [f32(2, 3, 4), i32(2, 5, 2), f32(2, 5, 2)], scatter),
    single('scatter', [f32(2, 3, 4), i32(2, 5, 2), f32(2, 5, 2)], { ...scatter, body: assignRegion('float32') }),
  ],
  dynamic_slice: [single('dynamic_slice', [f32(4, 5), i32(), i32()], { sliceSizes: [2, 5] })],
  dynamic_update_slice: [single('dynamic_update_slice', [f32(4, 5), f32(2, 3), i32(), i32()], {})],
  dot_general: [
    single('dot_general', [f32(2, 3, 4), f32(4, 5, 2)], dot),
    single('dot_general', [of('int8', 2, 3, 4), of('int8', 4, 5, 2)], { ...dot, dtype: 'int32' }),
    single('dot_general', [of('bfloat16', 2, 3, 4), of('bfloat16', 4, 5, 2)], { ...dot, precision: 'fast' }),
  ],
  convolution: [
    single('convolution', [f32(2, 7, 6, 3), f32(2, 3, 3, 4)], convolution),
    single('convolution', [f32(2, 7, 6, 4), f32(2, 3, 2, 6)], { ...convolution, featureGroupCount: 2 }),
    single('convolution', [f32(4, 7, 6, 3), f32(2, 3, 3, 4)], { ...convolution, batchGroupCount: 2 }),
  ],
  reduce: [
    single('reduce', [f32(3, 4, 5), f32()], { dimensions: [0, 2], body: scalarRegion('float32', 'add') }),
    single('reduce', [f32(3, 4), i32(3, 4), f32(), i32()], { dimensions: [1], body: argMax }),
    single('reduce', [of('bool', 3, 4), of('bool')], { dimensions: [1], body: scalarRegion('bool', 'and') }),
  ],
  reduce_window: [
    single('reduce_window', [f32(5, 6), f32()], {
      ...window,
      baseDilations: [1, 1],
      windowDilations: [2, 1],
      body: scalarRegion('float32', 'maximum'),
    }),
    single('reduce_window', [i32(5, 6), i32()], {
      ...window,
      baseDilations: [2, 1],
      windowDilations: [1, 2],
      body: scalarRegion('int32', 'add'),
    }),
  ],
  select_and_scatter: [
    single('select_and_scatter', [f32(5, 6), f32(3, 6), f32()], {
      ...window,
      select: buildProgram([f32(), f32()], (e, a, b) => e.emit('compare', [a!, b!], { direction: 'GE' })),
      scatter: scalarRegion('float32', 'add'),
    }),
  ],
  sort: [
    single('sort', [f32(3, 4)], { dimension: 1, isStable: false, comparator: comparatorRegion(['float32'], 'LT') }),
    single('sort', [i32(6), f32(6)], {
      dimension: 0,
      isStable: true,
      comparator: comparatorRegion(['int32', 'float32'], 'GT'),
    }),
  ],
  while: [single('while', [i32(), f32(4)], { condition: below10, body: doubleEach })],
  case: [single('case', [i32(), f32(3), f32(3)], { branches })],
  complex: [single('complex', [f32(3), f32(3)], {}), single('complex', [of('float64'), of('float64')], {})],
  real: [single('real', [of('complex64', 3)], {})],
  imag: [single('imag', [of('complex128', 3)], {})],
  fft: [
    single('fft', [of('complex64', 2, 6)], { fftType: 'FFT', fftLength: [6] }),
    single('fft', [of('complex64', 4, 6)], { fftType: 'IFFT', fftLength: [4, 6] }),
    single('fft', [f32(2, 7)], { fftType: 'RFFT', fftLength: [7] }),
    single('fft', [of('complex64', 2, 3, 4)], { fftType: 'IRFFT', fftLength: [3, 6] }),
  ],
  cholesky: [single('cholesky', [f32(2, 3, 3)], { lower: true }), single('cholesky', [f32(3, 3)], { lower: false })],
  triangular_solve: [
    single('triangular_solve', [f32(3, 3), f32(3, 2)], solve),
    single('triangular_solve', [f32(3, 3), f32(2, 3)], { ...solve, leftSide: false, lower: false }),
    single('triangular_solve', [f32(3, 3), f32(3, 2)], { ...solve, transposeA: 'TRANSPOSE', unitDiagonal: true }),
    single('triangular_solve', [of('complex64', 2, 3, 3), of('complex64', 2, 3, 1)], {
      ...solve,
      transposeA: 'ADJOINT',
    }),
  ],
  composite: [
    buildProgram(
      [f32(3)],
      (e, x) => {
        const attributes = { axis: -1, scale: 0.5, label: 'a "b"', deep: { list: [1, true, null], empty: {} } };
        const name = 'test.square@2';
        const [once] = e.emit('composite', [x!], { name, attributes, decomposition: square });
        return e.emit('composite', [once!], { name, attributes, decomposition: square });
      },
      'squares',
    ),
    single('composite', [f32(3)], {
      name: 'test.with_region@1',
      attributes: { body: running, count: 2 },
      decomposition: square,
    }),
  ],
  custom_call: [
    single('custom_call', [f32(3)], { target: 'my_kernel', config: { tile: 8 }, results: [f32(3), i32()] }),
  ],
  optimization_barrier: [single('optimization_barrier', [f32(3), i32()], {})],
};
