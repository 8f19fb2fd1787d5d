import { type Tensor, tensor, useBackend } from '@ceratops/core';
import { referenceBackend } from '@ceratops/kernel-registry/testing';
import { beforeAll, expect, test } from 'vitest';
import { add } from '../ops/arithmetic.js';
import { matmul } from '../ops/contraction.js';
import { define } from './define.js';
import { Input } from './input.js';
import type { SymbolicShape } from './keras-tensor.js';
import { type CallOptions, Layer } from './layer.js';
import { Model } from './model.js';
import { int } from './rows.js';
import { Sequential } from './sequential.js';
import type { Table } from './table.js';
import type { Weight } from './weight.js';

beforeAll(() => useBackend(referenceBackend()));

class LinearClass extends Layer {
  declare readonly units: number;
  kernel: Weight | undefined;
  static override table(): Table<{ units: number }> {
    return { units: int('units', undefined, { min: 1 }) };
  }
  override build(shape: SymbolicShape): void {
    this.kernel = this.addWeight({ name: 'kernel', shape: [shape.at(-1)!, this.units], initializer: 'ones' });
  }
  override call(x: Tensor, _options: CallOptions): Tensor {
    return matmul(x, this.kernel!);
  }
}
const Linear = define('Linear', LinearClass) as unknown as (units: number, options?: object) => LinearClass;

test('functional', async () => {
  const x = Input([3]);
  const h = Linear(4)(x);
  expect(h.shape).toEqual([null, 4]);
  const y = add(Linear(2)(h), 1);
  const m = Model(x, y);
  expect(m.weights.map((w) => w.path)).toEqual(['linear/kernel', 'linear_1/kernel']);
  expect(await m(tensor([[1, 2, 3]])).array()).toEqual([[25, 25]]);
  console.log(m.summary());
});

test('sequential lazily', async () => {
  const m = Sequential([Linear(4), Linear(1)]);
  const y = await m(tensor([[1, 2, 3]])).array();
  expect(y).toEqual([[24]]);
  console.log(
    m.summary(),
    m.weights.map((w) => w.path),
  );
});
