/** Initializers, regularizers, constraints and random draws against Keras on JAX. */

import { type Tensor, vjp } from '@ceratops/core';
import { expect, it } from 'vitest';
import * as constraints from '../constraints/index.js';
import type { Config } from '../engine/table.js';
import * as random from '../random/index.js';
import * as regularizers from '../regularizers/index.js';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, isGoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import * as initializers from './index.js';

interface Named {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
}

interface InitializerCase extends Named {
  /** What Keras reads but does not write. */
  readonly unwritten: Config;
  readonly shapes: readonly (readonly number[])[];
  readonly values: readonly GoldenArray[];
}

interface FunctionCase extends Named {
  readonly input: GoldenArray;
  readonly output: GoldenArray;
  readonly gradient?: GoldenArray;
}

interface RandomCase {
  readonly name: string;
  readonly function: string;
  readonly arguments: readonly unknown[];
  readonly options: object;
  readonly output: GoldenArray;
}

interface Configured {
  (...parameters: unknown[]): Tensor;
  getConfig(): Config;
}

function make(classes: object, { className, config }: Named): Configured {
  const found = (classes as { [name: string]: { fromConfig(config: Config): Configured } })[className]!;
  return found.fromConfig(config);
}

onDevices('initializers', () => {
  for (const golden of readGoldens<InitializerCase>('initializers')) {
    it(golden.name, async () => {
      const config = { ...golden.config, ...golden.unwritten };
      const initializer = make(initializers, { ...golden, config });
      for (const [i, shape] of golden.shapes.entries())
        await expectClose(initializer(shape), golden.values[i]!, `[${shape}]`, 1e-6);
      expect(initializer.getConfig()).toEqual(config);
    });
  }
});

onDevices('regularizers', () => {
  for (const golden of readGoldens<FunctionCase>('regularizers')) {
    it(golden.name, async () => {
      const regularizer = make(regularizers, golden);
      await expectClose(regularizer(toTensor(golden.input)), golden.output, 'penalty');
      const [value, pullback] = vjp(regularizer as never, toTensor(golden.input) as never) as [
        Tensor,
        (c: Tensor) => Tensor[],
      ];
      const one = toTensor({ dtype: 'float32', shape: value.shape, data: 'AACAPw==' });
      await expectClose(pullback(one)[0]!, golden.gradient!, 'gradient');
      for (const [key, number] of Object.entries(golden.config)) {
        if (typeof number === 'number') expect(regularizer.getConfig()[key]).toBeCloseTo(number, 6);
        else expect(regularizer.getConfig()[key]).toBe(number);
      }
    });
  }
});

onDevices('constraints', () => {
  for (const golden of readGoldens<FunctionCase>('constraints')) {
    it(golden.name, async () => {
      const constraint = make(constraints, golden);
      await expectClose(constraint(toTensor(golden.input)), golden.output, 'projection');
      expect(constraint.getConfig()).toEqual(golden.config);
    });
  }
});

onDevices('random', () => {
  for (const golden of readGoldens<RandomCase>('random')) {
    it(golden.name, async () => {
      const draw = (random as unknown as { [name: string]: (...parameters: unknown[]) => Tensor })[golden.function]!;
      const parameters = golden.arguments.map((argument) => (isGoldenArray(argument) ? toTensor(argument) : argument));
      await expectClose(draw(...parameters, golden.options), golden.output, 'draw', 1e-6);
    });
  }
});
