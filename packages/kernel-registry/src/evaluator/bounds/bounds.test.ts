/** Bounds against what float32 arithmetic gives, step by step, and against what is known of them by hand. */

import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../any-op.js';
import { assignRegion } from '../../assign-region.js';
import type { Emitter, Value } from '../../builder.js';
import type { HostArray } from '../../dtype.js';
import * as emit from '../../emit/index.js';
import { comparatorRegion, scalarRegion } from '../../region.js';
import { type TensorType, tensorType } from '../../tensor-type.js';
import { evaluateWithBounds } from './index.js';

const f32 = (...shape: number[]): TensorType => tensorType('float32', shape);
const i32 = (...shape: number[]): TensorType => tensorType('int32', shape);

function bounded(
  inputs: readonly TensorType[],
  body: (e: Emitter, ...values: Value[]) => readonly Value[],
  ...data: readonly HostArray[]
): { value: HostArray; error: Float64Array } {
  return evaluateWithBounds(buildProgram(inputs, body), data)[0]!;
}

const third = Math.fround(1 / 3);
const ulp = 2 ** -23;

describe('evaluateWithBounds', () => {
  it('knows integers in floats exactly, until they no longer fit', () => {
    const body = (e: Emitter, ...[x]: Value[]) => [emit.reduceSum(e, emit.multiply(e, x!, x!), [1])];
    const { value, error } = bounded([f32(2, 3)], body, Float32Array.of(1, -2, 3, 4096, 3, 1));
    expect([...value]).toEqual([14, 2 ** 24 + 10]);
    expect(error[0]).toBe(0);
    expect(error[1]).toBeGreaterThan(0);
  });

  it('rounds once where IEEE 754 does', () => {
    const { value, error } = bounded(
      [f32(1), f32(1)],
      (e, a, b) => [emit.divide(e, a!, b!)],
      Float32Array.of(1),
      Float32Array.of(3),
    );
    expect(error[0]).toBe(Math.abs(Number(value[0]) - third));
  });

  it('adds the errors of both terms, and magnifies them by cancelling', () => {
    const body = (e: Emitter, ...[x, one]: Value[]) => {
      const sum = emit.divide(e, x!, emit.constantLike(e, x!, 3));
      return [emit.subtract(e, emit.add(e, sum, one!), one!)];
    };
    const { value, error } = bounded([f32(1), f32(1)], body, Float32Array.of(1e-3), Float32Array.of(1));
    const computed = Math.fround(Math.fround(Math.fround(Math.fround(1e-3) / 3) + 1) - 1);
    const difference = Math.abs(computed - Number(value[0]));
    expect(difference).toBeGreaterThan(ulp / 8);
    expect(error[0]).toBeGreaterThanOrEqual(difference);
    expect(error[0]).toBeLessThan(2 * ulp);
  });

  it.each([
    ['first to last', (x: Float32Array) => x],
    ['last to first', (x: Float32Array) => x.slice().reverse()],
    ['the smallest first', (x: Float32Array) => x.slice().sort((a, b) => Math.abs(a) - Math.abs(b))],
  ])('holds for sums and products added up %s', (_, ordered) => {
    const x = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i) * 10 ** (i % 5));
    const sum = bounded([f32(300)], (e, a) => [emit.reduceSum(e, a!, [0])], x);
    const inOrder = ordered(x).reduce((total, term) => Math.fround(total + term), 0);
    expect(Math.abs(inOrder - Number(sum.value[0]))).toBeLessThanOrEqual(sum.error[0]!);
    const dimensions = { lhsContractingDimensions: [0], rhsContractingDimensions: [0] };
    const dot = bounded([f32(300)], (e, a) => [emit.dotGeneral(e, a!, a!, dimensions)], x);
    const squares = ordered(x).reduce((total, term) => Math.fround(total + Math.fround(term * term)), 0);
    expect(Math.abs(squares - Number(dot.value[0]))).toBeLessThanOrEqual(dot.error[0]!);
  });

  it('passes errors through functions by their slope', () => {
    const body = (e: Emitter, ...[x]: Value[]) => {
      const inexact = emit.divide(e, x!, emit.constantLike(e, x!, 3));
      return [emit.exponential(e, inexact)];
    };
    const { value, error } = bounded([f32(1)], body, Float32Array.of(31));
    const [exact, moved] = [Math.exp(31 / 3), Math.abs(31 / 3 - Math.fround(31 / 3))];
    expect(Math.abs(Math.exp(Math.fround(31 / 3)) - Number(value[0]))).toBeLessThanOrEqual(error[0]!);
    // Two units in the last place are the function's own.
    expect(error[0]).toBeLessThanOrEqual(exact * (1.001 * moved + 2.001 * ulp));
  });

  it.each<[string, (e: Emitter, x: Value) => Value]>([
    ['a comparison', (e, x) => emit.compare(e, x, emit.constantLike(e, x, third), 'LT')],
    ['truncation', (e, x) => emit.convert(e, emit.multiply(e, x, emit.constantLike(e, x, 3)), 'int32')],
    ['a logarithm of what may be zero', (e, x) => emit.log(e, emit.subtract(e, x, emit.constantLike(e, x, third)))],
    ['bits', (e, x) => emit.bitcastConvert(e, x, i32(1))],
  ])('says nothing of %s that the error decides', (_, body) => {
    const inexact = (e: Emitter, ...[x]: Value[]) => [body(e, emit.divide(e, x!, emit.constantLike(e, x!, 3)))];
    expect(bounded([f32(1)], inexact, Float32Array.of(1)).error[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it('knows what is decided far from the error', () => {
    const body = (e: Emitter, ...[x]: Value[]) => {
      const inexact = emit.divide(e, x!, emit.constantLike(e, x!, 3));
      return [emit.compare(e, inexact, emit.constantLike(e, x!, third), 'LT')];
    };
    expect([...bounded([f32(3)], body, Float32Array.of(0.5, 1, 2)).error]).toEqual([0, Infinity, 0]);
  });

  it('bounds a rounded number by the next one, and a choice by both', () => {
    const nearThree = (e: Emitter, x: Value): Value =>
      emit.multiply(e, emit.divide(e, x, emit.constantLike(e, x, 3)), emit.constantLike(e, x, 9));
    const floor = bounded([f32(1)], (e, x) => [emit.floor(e, nearThree(e, x!))], Float32Array.of(1));
    expect(floor.error[0]).toBe(1);
    const body = (e: Emitter, ...[x, a, b]: Value[]) => {
      const isLess = emit.compare(e, nearThree(e, x!), emit.constantLike(e, x!, 3), 'LT');
      return [emit.select(e, isLess, a!, b!)];
    };
    const choice = bounded([f32(1), f32(1), f32(1)], body, Float32Array.of(1), Float32Array.of(5), Float32Array.of(7));
    expect(choice.error[0]).toBe(2);
  });

  it('says nothing of what may overflow, or is divided by what may be zero', () => {
    const huge = bounded([f32(1)], (e, x) => [emit.multiply(e, x!, x!)], Float32Array.of(2e19));
    const quotient = bounded([f32(1)], (e, x) => [emit.divide(e, x!, emit.subtract(e, x!, x!))], Float32Array.of(1));
    expect([huge.error[0], quotient.error[0]]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  it('keeps infinities and NaN that come from exact numbers', () => {
    const { value, error } = bounded(
      [f32(3)],
      (e, x) => [emit.sqrt(e, emit.abs(e, x!))],
      Float32Array.of(NaN, -Infinity, 4),
    );
    expect([...value]).toEqual([NaN, Infinity, 2]);
    expect([...error]).toEqual([0, 0, 0]);
  });

  it('does not say whether padding is left out or zeros are multiplied', () => {
    const convolved = (e: Emitter, ...[x, k]: Value[]) => [
      emit.convolution(e, x!, k!, {
        ...{ windowStrides: [1], padding: [[1, 0]], lhsDilation: [1], rhsDilation: [1], windowReversal: [false] },
        ...{ inputBatchDimension: 0, inputFeatureDimension: 2, inputSpatialDimensions: [1] },
        ...{ kernelInputFeatureDimension: 1, kernelOutputFeatureDimension: 2, kernelSpatialDimensions: [0] },
        ...{ outputBatchDimension: 0, outputFeatureDimension: 2, outputSpatialDimensions: [1] },
        ...{ featureGroupCount: 1, batchGroupCount: 1, precision: 'default', dtype: 'float32' },
      }),
    ];
    const run = (first: number): Float64Array =>
      bounded([f32(1, 2, 1), f32(2, 1, 1)], convolved, Float32Array.of(2, 3), Float32Array.of(first, 4)).error;
    expect([...run(1)]).toEqual([0, 0]);
    expect([...run(Number.NaN)]).toEqual([Infinity, Infinity]);
  });

  it('moves errors with their elements', () => {
    const body = (e: Emitter, ...[x, at]: Value[]) => {
      const inexact = emit.divide(e, x!, emit.constantLike(e, x!, 3));
      const mixed = emit.concatenate(e, [inexact, x!], 0);
      return [emit.dynamicSlice(e, emit.reverse(e, mixed, [0]), [at!], [3])];
    };
    const { value, error } = bounded([f32(2), i32()], body, Float32Array.of(1, 6), Int32Array.of(1));
    expect([...value]).toEqual([1, 2, 1 / 3]);
    expect([...error].map((x) => x > 0)).toEqual([false, false, true]);
  });

  it('does not say which of several assignments to an element comes last', () => {
    const attributes = {
      ...{ updateWindowDims: [], insertedWindowDims: [0], inputBatchingDims: [], scatterIndicesBatchingDims: [] },
      ...{ scatterDimsToOperandDims: [0], indexVectorDim: 1, indicesAreSorted: false, uniqueIndices: false },
    };
    const scattered = (body = assignRegion('int32')) =>
      bounded(
        [i32(3), i32(3, 1), i32(3)],
        (e, x, at, update) => emit.scatter(e, [x!], at!, [update!], { ...attributes, body }),
        ...[Int32Array.of(0, 0, 0), Int32Array.of(0, 2, 2), Int32Array.of(5, 6, 7)],
      );
    expect([...scattered().error]).toEqual([0, 0, Number.POSITIVE_INFINITY]);
    expect([...scattered(scalarRegion('int32', 'add')).error]).toEqual([0, 0, 0]);
    const i64 = (...shape: number[]): TensorType => tensorType('int64', shape);
    const compared = (e: Emitter, ...[x, at, update]: Value[]) => {
      const [result] = emit.scatter(e, [x!], at!, [update!], { ...attributes, body: assignRegion('int64') });
      return [emit.compare(e, result!, x!, 'EQ')];
    };
    const data = [BigInt64Array.of(0n, 0n, 0n), Int32Array.of(0, 2, 2), BigInt64Array.of(5n, 6n, 7n)];
    expect([...bounded([i64(3), i32(3, 1), i64(3)], compared, ...data).error]).toEqual([
      0,
      0,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('sorts what is near as one, and what comes along with it not at all', () => {
    const body = (e: Emitter, ...[x]: Value[]) => {
      const inexact = emit.divide(e, x!, emit.constantLike(e, x!, 3));
      const comparator = comparatorRegion(['float32', 'int32'], 'LT');
      return [...emit.sort(e, [inexact, emit.iota(e, i32(2, 3), 1)], 1, comparator)].reverse();
    };
    const { error } = bounded([f32(2, 3)], body, Float32Array.of(3, 1, 2, 2, 1, 2));
    expect([...error]).toEqual([0, 0, 0, Infinity, Infinity, Infinity]);
  });

  it('knows nothing after a loop that it cannot count', () => {
    const half = buildProgram([f32()], (e, x) => [emit.compare(e, x!, emit.constantLike(e, x!, 1 / 3), 'GT')]);
    const step = buildProgram([f32()], (e, x) => [emit.divide(e, x!, emit.constantLike(e, x!, 3))]);
    const { error } = bounded([f32()], (e, x) => emit.whileLoop(e, [x!], half, step), Float32Array.of(1));
    expect(error[0]).toBe(Number.POSITIVE_INFINITY);
  });
});
