/** Every loss against Keras on JAX: values, gradients, weights, masks, configs. */

import { type Tensor, vjp } from '@ceratops/core';
import { expect, it } from 'vitest';
import { setMask } from '../engine/masks.js';
import type { Config } from '../engine/table.js';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import * as losses from './index.js';

interface LossCase {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  /** What Keras reads but does not write. */
  readonly unwritten: Config;
  readonly yTrue: GoldenArray;
  readonly yPred: GoldenArray;
  readonly sampleWeight: GoldenArray | null;
  readonly mask: GoldenArray | null;
  readonly output: GoldenArray;
  readonly cotangent?: GoldenArray;
  readonly gradient?: GoldenArray;
}

const cases = readGoldens<LossCase>('losses');

function make({ className, config, unwritten }: LossCase): losses.Loss {
  const classes = losses as unknown as { [name: string]: { fromConfig(config: Config): losses.Loss } };
  return classes[className]!.fromConfig({ ...config, ...unwritten });
}

onDevices('losses', () => {
  for (const golden of cases) {
    it(golden.name, async () => {
      const loss = make(golden);
      const yTrue = toTensor(golden.yTrue);
      const yPred = toTensor(golden.yPred);
      if (golden.mask !== null) setMask(yPred, toTensor(golden.mask));
      const weight = golden.sampleWeight === null ? undefined : toTensor(golden.sampleWeight);
      await expectClose(loss(yTrue, yPred, weight), golden.output, 'value');
      if (golden.gradient === undefined) return;
      const [, pullback] = vjp(((p: Tensor) => loss(yTrue, p, weight)) as never, yPred as never) as [
        unknown,
        (c: Tensor) => Tensor[],
      ];
      const gradient = pullback(toTensor(golden.cotangent!))[0]!;
      await expectClose(gradient, golden.gradient, 'gradient');
    });
  }
});

for (const golden of cases) {
  it(`${golden.name}: config`, () => {
    expect(make(golden).getConfig()).toEqual({ ...golden.config, ...golden.unwritten });
  });
}
