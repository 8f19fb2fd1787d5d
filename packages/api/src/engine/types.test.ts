/** What the types allow and what they refuse. The compiler checks it; running it shows that the calls are real. */

import { type Tensor, tensor, useBackend } from '@ceratops/core';
import { referenceBackend } from '@ceratops/kernel-registry/testing';
import { beforeAll, expect, test } from 'vitest';
import * as layers from '../layers/index.js';
import { Input } from './input.js';
import type { KerasTensor } from './keras-tensor.js';
import { Model } from './model.js';
import { Sequential } from './sequential.js';

beforeAll(() => useBackend(referenceBackend()));

const refused = (body: () => unknown): void => expect(body).toThrow();

test('layers give tensors for tensors, symbolic tensors for symbolic ones', () => {
  const dense = layers.Dense(2, { activation: 'relu' });
  const symbolic: KerasTensor = dense(Input([3]));
  const concrete: Tensor = dense(tensor([[1, 2, 3]]));
  expect([symbolic.shape, concrete.shape]).toEqual([
    [null, 2],
    [1, 2],
  ]);
  const sum: KerasTensor = layers.Add()([symbolic, symbolic]);
  expect(sum.shape).toEqual([null, 2]);
});

test('options and required arguments', () => {
  // @ts-expect-error units is required
  refused(() => layers.Dense());
  // @ts-expect-error no such option
  refused(() => layers.Dense(2, { activatoin: 'relu' }));
  // @ts-expect-error units is a number
  refused(() => layers.Dense('2'));
});

test('models keep the structure of their inputs and outputs', async () => {
  const [a, b] = [Input([2], { name: 'a' }), Input([2], { name: 'b' })];
  const model = Model({ a, b }, { sum: layers.Add()([a, b]), product: layers.Multiply()([a, b]) });
  const x = tensor([[1, 2]]);
  const out: { sum: Tensor; product: Tensor } = await model.predict({ a: x, b: [[3, 4]] });
  expect(await out.product.array()).toEqual([[3, 8]]);
  // @ts-expect-error no such output
  expect(out.difference).toBeUndefined();
  model.compile({ optimizer: 'sgd', loss: { sum: 'mse' } });
  const y = [[4, 6]];
  await model.fit({ a: x, b: x }, { sum: y }, { verbose: 0 });
  // @ts-expect-error no such output
  const misspelt = model.evaluate({ a: x, b: x }, { summ: y }, { verbose: 0 });
  await expect(misspelt).rejects.toThrow();
  // @ts-expect-error an output too many
  const surplus = model.evaluate({ a: x, b: x }, { sum: y, product: y, quotient: y }, { verbose: 0 });
  await expect(surplus).rejects.toThrow();
  const pair = Model([a, b], layers.Add()([a, b]));
  expect(await pair([x, x]).array()).toEqual([[2, 4]]);
  // @ts-expect-error one input is missing
  refused(() => pair([x]));
});

test('sequential takes layers, and an Input first', () => {
  expect(Sequential([Input([3]), layers.Dense(1)]).built).toBe(true);
  // @ts-expect-error a class is no layer
  refused(() => Sequential([layers.Flatten]));
});
