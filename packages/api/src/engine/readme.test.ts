/** The layer that the README writes. */

import { type Tensor, tensor, useBackend } from '@ceratops/core';
import { referenceBackend } from '@ceratops/kernel-registry/testing';
import { expect, test } from 'vitest';
import { type CallOptions, define, Layer, type Weight } from '../index.js';
import * as ops from '../ops/index.js';
import { deserializeKerasObject, serializeKerasObject } from '../saving/index.js';

const Scale = define(
  'Scale',
  class extends Layer {
    scale!: Weight;
    override build(shape: readonly (number | null)[]): void {
      this.scale = this.addWeight({ name: 'scale', shape: [shape.at(-1)!], initializer: 'ones' });
    }
    override call(x: Tensor, _options: CallOptions): Tensor {
      return ops.multiply(x, this.scale);
    }
  },
);

test('it runs, has its name, and goes through a file', async () => {
  useBackend(referenceBackend());
  const layer = Scale();
  expect(await layer(tensor([[1, 2]])).array()).toEqual([[1, 2]]);
  expect(layer.weights[0]!.path).toBe('scale/scale');
  const again = deserializeKerasObject(serializeKerasObject(layer)) as typeof layer;
  expect(again.name).toBe('scale');
  expect(again).toBeInstanceOf(Scale);
});
