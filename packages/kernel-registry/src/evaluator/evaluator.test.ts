/** Hand-computed values for what the vectors do not reach, and the wide form. */

import { describe, expect, test } from 'vitest';
import { buildProgram } from '../any-op.js';
import type { DType, HostArray } from '../dtype.js';
import { isCeratopsError } from '../errors.js';
import type { OpAttributes, OpName } from '../opset.js';
import { scalarRegion } from '../region.js';
import { type TensorType, tensorType } from '../tensor-type.js';
import { evaluateProgram } from './index.js';

/** Runs one op; each operand is a type and its data. */
function run<O extends OpName>(
  op: O,
  operands: readonly (readonly [TensorType, HostArray])[],
  attributes: OpAttributes[O],
): HostArray[] {
  const types = operands.map(([type]) => type);
  const program = buildProgram(types, (emitter, ...values) => emitter.emit(op, values, attributes), op);
  return evaluateProgram(
    program,
    operands.map(([, data]) => data),
  );
}

const vector = (dtype: DType, data: HostArray): readonly [TensorType, HostArray] => [
  tensorType(dtype, [data.length]),
  data,
];

function binary(op: 'divide' | 'remainder' | 'power' | 'add' | 'multiply', dtype: DType, a: HostArray, b: HostArray) {
  return run(op, [vector(dtype, a), vector(dtype, b)], {})[0];
}

describe('integers', () => {
  const low = -(2 ** 31);

  test('divide by zero is all ones; the lowest over -1 wraps', () => {
    const quotients = binary('divide', 'int32', Int32Array.of(7, -7, low, -7), Int32Array.of(0, 0, -1, 2));
    expect(quotients).toEqual(Int32Array.of(-1, -1, low, -3));
    expect(binary('divide', 'uint8', Uint8Array.of(7), Uint8Array.of(0))).toEqual(Uint8Array.of(255));
    const wide = binary('divide', 'int64', BigInt64Array.of(5n, -(2n ** 63n)), BigInt64Array.of(0n, -1n));
    expect(wide).toEqual(BigInt64Array.of(-1n, -(2n ** 63n)));
  });

  test('remainder has the dividend’s sign, and is the dividend for zero', () => {
    const rests = binary('remainder', 'int32', Int32Array.of(7, -7, -7, low), Int32Array.of(0, 4, 0, -1));
    expect(rests).toEqual(Int32Array.of(7, -3, -7, 0));
  });

  test('arithmetic wraps at each width', () => {
    expect(binary('add', 'int8', Int8Array.of(127), Int8Array.of(1))).toEqual(Int8Array.of(-128));
    const big = 0x12345679;
    expect(binary('multiply', 'int32', Int32Array.of(big), Int32Array.of(big))).toEqual(
      Int32Array.of(Number(BigInt.asIntN(32, BigInt(big) ** 2n))),
    );
    const most = BigUint64Array.of(2n ** 64n - 1n);
    expect(binary('multiply', 'uint64', most, most)).toEqual(BigUint64Array.of(1n));
  });

  test('power with a negative exponent truncates', () => {
    const powers = binary('power', 'int32', Int32Array.of(2, 1, -1, -1, 3), Int32Array.of(-1, -5, -3, -2, 4));
    expect(powers).toEqual(Int32Array.of(0, 1, -1, 1, 81));
  });

  test('shifts by the width and more', () => {
    const x = vector('int8', Int8Array.of(-128, -128, 64, 64));
    const by = vector('int8', Int8Array.of(8, 3, -1, 1));
    expect(run('shift_left', [x, by], {})).toEqual([Int8Array.of(0, 0, 0, -128)]);
    expect(run('shift_right_logical', [x, by], {})).toEqual([Int8Array.of(0, 16, 0, 32)]);
    expect(run('shift_right_arithmetic', [x, by], {})).toEqual([Int8Array.of(-1, -16, 0, 32)]);
  });
});

describe('convert', () => {
  const convert = (from: DType, data: HostArray, dtype: DType) => run('convert', [vector(from, data)], { dtype })[0];

  test('floats truncate, saturate and lose NaN', () => {
    const x = Float32Array.of(2.9, -2.9, 1e20, -1e20, Number.NaN, Infinity);
    expect(convert('float32', x, 'int32')).toEqual(Int32Array.of(2, -2, 2 ** 31 - 1, -(2 ** 31), 0, 2 ** 31 - 1));
    expect(convert('float32', x, 'uint8')).toEqual(Uint8Array.of(2, 0, 255, 0, 0, 255));
    const most = 2n ** 63n - 1n;
    expect(convert('float32', x, 'int64')).toEqual(BigInt64Array.of(2n, -2n, most, -most - 1n, 0n, most));
  });

  test('integers wrap', () => {
    expect(convert('int32', Int32Array.of(257, -1), 'uint8')).toEqual(Uint8Array.of(1, 255));
    expect(convert('int32', Int32Array.of(-1), 'uint64')).toEqual(BigUint64Array.of(2n ** 64n - 1n));
  });

  test('a 64-bit integer rounds once', () => {
    // Just above the middle of two float32 numbers, by less than float64 can hold.
    const x = BigInt64Array.of(2n ** 60n + 2n ** 36n + 1n);
    expect(convert('int64', x, 'float32')).toEqual(Float32Array.of(2 ** 60 + 2 ** 37));
  });

  test('float16 and bfloat16 round to nearest even, overflow to infinity, keep subnormals', () => {
    const x = Float64Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, 2 ** -24, 2 ** -25);
    expect(convert('float64', x, 'float16')).toEqual(Uint16Array.of(0x3c00, 0x3c02, 0x7bff, 0x7c00, 1, 0));
    const y = Float64Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, -0);
    expect(convert('float64', y, 'bfloat16')).toEqual(Uint16Array.of(0x3f80, 0x3f82, 0x8000));
  });
});

test('maximum and minimum propagate NaN', () => {
  const a = vector('float32', Float32Array.of(Number.NaN, 1, -0));
  const b = vector('float32', Float32Array.of(1, Number.NaN, 0));
  expect(run('maximum', [a, b], {})).toEqual([Float32Array.of(Number.NaN, Number.NaN, 0)]);
  expect(run('minimum', [a, b], {})).toEqual([Float32Array.of(Number.NaN, Number.NaN, -0)]);
});

test('scatter drops single elements of a window that lies partly outside', () => {
  const attributes: OpAttributes['scatter'] = {
    updateWindowDims: [1],
    insertedWindowDims: [],
    inputBatchingDims: [],
    scatterIndicesBatchingDims: [],
    scatterDimsToOperandDims: [0],
    indexVectorDim: 1,
    indicesAreSorted: false,
    uniqueIndices: false,
    body: scalarRegion('int32', 'add'),
  };
  const operands = [
    vector('int32', Int32Array.of(0, 0, 0)),
    [tensorType('int32', [2, 1]), Int32Array.of(2, -1)],
    [tensorType('int32', [2, 2]), Int32Array.of(1, 2, 3, 4)],
  ] as const;
  expect(run('scatter', operands, attributes)).toEqual([Int32Array.of(4, 0, 1)]);
});

test('reduce_window pads with the initial value, which takes part', () => {
  const [sums] = run(
    'reduce_window',
    [vector('float32', Float32Array.of(1, 2)), [tensorType('float32', []), Float32Array.of(10)]],
    {
      windowDimensions: [2],
      windowStrides: [1],
      padding: [[1, 0]],
      baseDilations: [1],
      windowDilations: [1],
      body: scalarRegion('float32', 'add'),
    },
  );
  expect(sums).toEqual(Float32Array.of(10 + 10 + 1, 10 + 1 + 2));
});

test('a case out of range takes the last branch', () => {
  const x = tensorType('float32', [1]);
  const branch = (op: 'abs' | 'exponential' | 'floor') =>
    buildProgram([x], (emitter, value) => emitter.emit(op, [value!], {}));
  const choose = (index: number) =>
    run(
      'case',
      [
        [tensorType('int32', []), Int32Array.of(index)],
        [x, Float32Array.of(-1.5)],
      ],
      {
        branches: [branch('abs'), branch('exponential'), branch('floor')],
      },
    )[0]![0];
  expect([choose(0), choose(1), choose(2), choose(7), choose(-1)]).toEqual([
    1.5,
    Math.fround(Math.exp(-1.5)),
    -2,
    -2,
    -2,
  ]);
});

test('widened floats do not round', () => {
  const x = tensorType('float32', [1]);
  const program = buildProgram([x, x], (emitter, a, b) => emitter.emit('add', [a!, b!], {}));
  const inputs = [Float32Array.of(1), Float32Array.of(2 ** -30)];
  expect(evaluateProgram(program, inputs)).toEqual([Float32Array.of(1)]);
  expect(evaluateProgram(program, inputs, { widenFloats: true })).toEqual([Float64Array.of(1 + 2 ** -30)]);
});

describe('errors', () => {
  const x = tensorType('float32', [2]);
  const negate = buildProgram([x], (emitter, a) => emitter.emit('negate', [a!], {}));
  const codeOf = (action: () => unknown) => {
    try {
      action();
    } catch (error) {
      return isCeratopsError(error) ? error.code : error;
    }
    return undefined;
  };

  test('inputs that do not fit', () => {
    expect(codeOf(() => evaluateProgram(negate, []))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => evaluateProgram(negate, [new Float32Array(3)]))).toBe('INVALID_ARGUMENT');
    expect(codeOf(() => evaluateProgram(negate, [new Int32Array(2)]))).toBe('INVALID_ARGUMENT');
  });

  test('custom calls', () => {
    const call = { target: 'f', config: {}, results: [x] };
    expect(codeOf(() => run('custom_call', [[x, new Float32Array(2)]], call))).toBe('UNSUPPORTED');
  });
});
