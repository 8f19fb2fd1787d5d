import { isCeratopsError } from '@ceratops/kernel-registry';
import { referenceBackend } from '@ceratops/kernel-registry/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../engine/default-engine.js';
import { promote } from '../promotion.js';
import { Variable } from '../variable.js';
import { tensor } from './tensor.js';

beforeAll(() => useBackend(referenceBackend()));

function refusal(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (isCeratopsError(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'no error';
}

describe('what is not data', () => {
  it.each([
    ['undefined', undefined, 'received undefined'],
    ['null', null, 'received null'],
    ['text', 'seven', "received 'seven'"],
    ['a promise', Promise.resolve(1), 'received a promise, which somebody has to await'],
    ['a Map', new Map(), 'received Map'],
    ['a function', () => 1, 'received function'],
    ['text in an array', [[1, 'a']], "received 'a'"],
    ['a hole in an array', [1, undefined], 'received undefined'],
  ])('%s', (_name, value, mention) => {
    expect(refusal(() => tensor(value as never))).toMatch(/^INVALID_ARGUMENT tensor: not data, expected a number/);
    expect(refusal(() => tensor(value as never))).toContain(mention);
    expect(refusal(() => promote(tensor([1, 2]), value as never))).toContain(mention);
  });

  it('a tensor, or a list of them', () => {
    const one = tensor([1, 2]);
    expect(refusal(() => tensor(one as never))).toContain('ops.stack(list)');
    expect(refusal(() => tensor([one, one] as never))).toContain('ops.stack(list)');
  });

  it('rows of different lengths', () => {
    expect(refusal(() => tensor([[1, 2], [3]]))).toContain('not rectangular');
    expect(refusal(() => tensor([1, [2]]))).toContain('a deeper array');
  });

  it('a dtype that there is not, and a shape where the options go', () => {
    expect(refusal(() => tensor([1], { dtype: 'float23' as never }))).toContain("did you mean 'float16'");
    expect(refusal(() => tensor([1, 2], [2, 1] as never))).toContain('expected { shape: [2, 1] }, received [2, 1]');
  });
});

it('takes the bytes of a canvas', async () => {
  const made = tensor(new Uint8ClampedArray([0, 255]) as never);
  expect(made.dtype).toBe('uint8');
  expect(await made.array()).toEqual([0, 255]);
});

it('shows in JSON what the console shows', () => {
  const made = tensor([1, 2]);
  const variable = new Variable(made, { name: 'w' });
  expect(JSON.stringify({ made, variable })).toBe(
    '{"made":"Tensor float32[2] [1, 2]","variable":"Variable w float32[2] [1, 2]"}',
  );
});
