/** Ops beyond the opset against plain formulas of JavaScript. */

import { expect, test } from 'vitest';
import type { HostArray } from '../../dtype.js';
import { evaluateProgram } from '../../evaluator/index.js';
import { parseStableHLO } from '../index.js';

/** Runs one op of the form `op %x : type`. */
function unary(op: string, type: string, x: HostArray): HostArray {
  const tensor = `tensor<${x.length}x${type}>`;
  const text = `func.func @main(%x: ${tensor}) -> ${tensor} {
    %0 = ${op} %x : ${tensor}
    return %0 : ${tensor}
  }`;
  return evaluateProgram(parseStableHLO(text), [x])[0]!;
}

const xs: readonly number[] = [-30, -3, -1, -0.75, -1e-8, 0, 1e-8, 0.3, 0.9999, 1, 2, 5, 40];

test.each<[string, (x: number) => number]>([
  ['stablehlo.cbrt', Math.cbrt],
  ['stablehlo.logistic', (x) => 1 / (1 + Math.exp(-x))],
  ['stablehlo.rsqrt', (x) => 1 / Math.sqrt(x)],
  ['stablehlo.tan', Math.tan],
  ['chlo.sinh', Math.sinh],
  ['chlo.cosh', Math.cosh],
  ['chlo.asin', Math.asin],
  ['chlo.acos', Math.acos],
  ['chlo.atan', Math.atan],
  ['chlo.asinh', Math.asinh],
  ['chlo.acosh', Math.acosh],
  ['chlo.atanh', Math.atanh],
  ['chlo.square', (x) => x * x],
])('%s in float64', (op, f) => {
  const results = unary(op, 'f64', Float64Array.from(xs)) as Float64Array;
  xs.forEach((x, i) => {
    const expected = f(x);
    if (Number.isFinite(expected))
      expect(Math.abs(results[i]! - expected)).toBeLessThanOrEqual(1e-15 * Math.abs(expected) * 4);
    else expect(results[i]).toBe(expected);
  });
});

test('round_nearest_afz rounds halves away from zero', () => {
  const x = Float32Array.of(0.5, -0.5, 2.5, -2.5, 0.49999997, -0, Infinity);
  expect(unary('stablehlo.round_nearest_afz', 'f32', x)).toEqual(Float32Array.of(1, -1, 3, -3, 0, -0, Infinity));
});

test('popcnt and count_leading_zeros at every width', () => {
  expect(unary('stablehlo.popcnt', 'i8', Int8Array.of(-1, 0, 5))).toEqual(Int8Array.of(8, 0, 2));
  expect(unary('stablehlo.popcnt', 'ui32', Uint32Array.of(0xffffffff, 0x80000001))).toEqual(Uint32Array.of(32, 2));
  expect(unary('stablehlo.popcnt', 'i64', BigInt64Array.of(-1n, 7n))).toEqual(BigInt64Array.of(64n, 3n));
  expect(unary('stablehlo.count_leading_zeros', 'i16', Int16Array.of(0, 1, -1))).toEqual(Int16Array.of(16, 15, 0));
});

test('compare in total order', () => {
  const text = `func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xi1> {
    %0 = stablehlo.compare LT, %x, %y, TOTALORDER : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
    return %0 : tensor<4xi1>
  }`;
  const x = Float32Array.of(-0, Infinity, -1, Number.NaN);
  const y = Float32Array.of(0, Number.NaN, -2, 1);
  expect(evaluateProgram(parseStableHLO(text), [x, y])).toEqual([Uint8Array.of(1, 1, 0, 0)]);
});

test('reduce_precision to float16’s fields', () => {
  const text = `func.func @main(%x: tensor<6xf32>) -> tensor<6xf32> {
    %0 = stablehlo.reduce_precision %x, format = e5m10 : tensor<6xf32>
    return %0 : tensor<6xf32>
  }`;
  const x = Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 65504, 65520, -(2 ** -20), Number.NaN);
  const expected = Float32Array.of(1, 1 + 2 ** -9, 65504, Infinity, -0, Number.NaN);
  expect(evaluateProgram(parseStableHLO(text), [x])).toEqual([expected]);
});
