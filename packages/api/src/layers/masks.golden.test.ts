/** Masks against Keras on JAX: what layers do with them and what they hand on, on tensors and in functional models. */

import { isTensor, type Tensor } from '@ceratops/core';
import { expect, it } from 'vitest';
import { Input } from '../engine/input.js';
import { isKerasTensor } from '../engine/keras-tensor.js';
import type { Layer } from '../engine/layer.js';
import { maskOf } from '../engine/masks.js';
import type { Config } from '../engine/table.js';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import * as layers from './index.js';

interface MaskCase {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  readonly masked: readonly boolean[];
  readonly ids: readonly GoldenArray[];
  readonly tables: readonly GoldenArray[];
  readonly weights: readonly GoldenArray[];
  readonly output: GoldenArray;
  readonly mask: GoldenArray | null;
}

type AnyLayer = Layer<Tensor | readonly Tensor[], Tensor>;

const cases = readGoldens<MaskCase>('masks');

function make({ className, config }: MaskCase): AnyLayer {
  return (layers as unknown as { [name: string]: { fromConfig(config: Config): AnyLayer } })[className]!.fromConfig(
    config,
  );
}

function one<T>(list: readonly T[]): T | readonly T[] {
  return list.length === 1 ? list[0]! : list;
}

onDevices('masks', () => {
  for (const golden of cases) {
    it(golden.name, async () => {
      const embedded = golden.ids.map((ids, i) => {
        const embedding = layers.Embedding(5, 3, { maskZero: golden.masked[i] });
        embedding.build([null, 4]);
        embedding.setWeights([toTensor(golden.tables[i]!)]);
        return embedding(toTensor(ids));
      });
      const layer = make(golden);
      layer.build(one(embedded.map(({ shape }) => shape)));
      layer.setWeights(golden.weights.map(toTensor));
      const output = layer(one(embedded));
      await expectClose(output, golden.output, 'output');
      const mask = maskOf(output);
      expect(isTensor(mask)).toBe(golden.mask !== null);
      if (golden.mask !== null) await expectClose(mask as Tensor, golden.mask, 'mask');
    });
  }
});

for (const golden of cases) {
  it(`${golden.name}: symbolic`, () => {
    const embedded = golden.masked.map((maskZero) =>
      layers.Embedding(5, 3, { maskZero })(Input([4], { dtype: 'int32' })),
    );
    const output = (make(golden) as unknown as (inputs: unknown) => object)(one(embedded));
    const mask = maskOf(output);
    expect(isKerasTensor(mask)).toBe(golden.mask !== null);
    if (isKerasTensor(mask)) expect(mask.shape.slice(1)).toEqual(golden.mask!.shape.slice(1));
  });
}
