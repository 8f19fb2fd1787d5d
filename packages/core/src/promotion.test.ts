import { referenceBackend } from '@ceratops/kernel-registry/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import goldens from '../goldens/promotion.json' with { type: 'json' };
import { useBackend } from './engine/default-engine.js';
import { asTensor, broadcastShapes, promote, promoteTypes, type TensorLike } from './promotion.js';
import { tensor } from './tensor/tensor.js';

type Type = Parameters<typeof promoteTypes>[0];

beforeAll(() => useBackend(referenceBackend()));

describe('promoteTypes', () => {
  it.each(Object.entries(goldens.pairs))('%s meets every type as in Keras', (name, results) => {
    expect(goldens.names.map((other) => promoteTypes(name as Type, other as Type))).toEqual(results);
  });

  it('agrees on triples', () => {
    const received = goldens.triples.map((triple) => promoteTypes(...(triple.slice(0, 3) as Type[])));
    expect(received).toEqual(goldens.triples.map((triple) => triple[3]));
  });

  it('is float32 of nothing', () => {
    expect(promoteTypes()).toBe('float32');
  });
});

describe('promote', () => {
  const int32 = (): TensorLike => tensor([1, 2], { dtype: 'int32' });
  const bool = (): TensorLike => tensor([true, false]);
  const half = (): TensorLike => tensor([1, 2], { dtype: 'float16' });

  it.each<[string, () => TensorLike[], string]>([
    ['a number takes an integer dtype', () => [int32(), 3], 'int32'],
    ['a number takes a floating dtype', () => [half(), 0.5], 'float16'],
    ['a bigint takes a floating dtype', () => [half(), 3n], 'float16'],
    ['an integer with bool is int32', () => [bool(), 3], 'int32'],
    ['a fraction with bool is float32', () => [bool(), 0.5], 'float32'],
    ['a boolean takes the dtype', () => [int32(), true], 'int32'],
    ['numbers alone are float32', () => [1, 2], 'float32'],
    ['bigints alone are int64', () => [1n, 2n], 'int64'],
    ['an array of numbers is float32', () => [int32(), [1, 2]], 'float32'],
    ['a typed array keeps its dtype', () => [Float64Array.of(1, 2), half()], 'float64'],
  ])('%s', (_name, operands, dtype) => {
    expect(promote(...operands()).map((x) => x.dtype)).toEqual([dtype, dtype]);
  });

  it('broadcasts and keeps the values', async () => {
    const [a, b] = promote(tensor([[1], [2]], { dtype: 'int32' }), Float32Array.of(0.5, 1.5, 2.5));
    expect(await a!.array()).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(await b!.array()).toEqual([
      [0.5, 1.5, 2.5],
      [0.5, 1.5, 2.5],
    ]);
  });

  it.each<[string, () => unknown, string, string]>([
    ['a fraction with integers', () => promote(int32(), 0.5), 'DTYPE_MISMATCH', 'cast'],
    ['a number out of range', () => promote(tensor(Uint8Array.of(1)), 256), 'DTYPE_MISMATCH', '0 … 255'],
    ['NaN with integers', () => promote(int32(), Number.NaN), 'DTYPE_MISMATCH', 'cast'],
    ['shapes that do not fit', () => promote(int32(), [1, 2, 3]), 'SHAPE_MISMATCH', '[2] and [3]'],
  ])('%s is a typed error', (_name, call, code, mentions) => {
    expect(call).toThrowError(expect.objectContaining({ code }));
    expect(call).toThrowError(mentions);
  });
});

describe('asTensor', () => {
  it('converts to the dtype that is asked for', async () => {
    expect(await asTensor(Float32Array.of(1.7, -1.7), 'int32').array()).toEqual([1, -1]);
    expect(asTensor([1, 2], 'int64').dtype).toBe('int64');
    expect(asTensor(tensor([1, 2]), 'bfloat16').dtype).toBe('bfloat16');
  });
});

it('broadcastShapes aligns at the end', () => {
  expect(broadcastShapes([3, 1], [4], [])).toEqual([3, 4]);
  expect(broadcastShapes([0, 1], [1, 5])).toEqual([0, 5]);
  expect(broadcastShapes()).toEqual([]);
});
