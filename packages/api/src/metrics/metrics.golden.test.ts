/** Every metric against Keras on JAX: the result after each update, the state, a fresh start, configs. */

import { jit, type Tensor } from '@ceratops/core';
import { expect, it } from 'vitest';
import type { Config } from '../engine/table.js';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import * as metrics from './index.js';

interface MetricCase {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  readonly steps: readonly { readonly arguments: readonly (GoldenArray | null)[]; readonly result: GoldenArray }[];
  readonly state: readonly GoldenArray[];
  readonly names: readonly string[];
}

const cases = readGoldens<MetricCase>('metrics');

function make({ className, config }: MetricCase): metrics.Metric {
  const classes = metrics as unknown as { [name: string]: { fromConfig(config: Config): metrics.Metric } };
  return classes[className]!.fromConfig(config);
}

function argumentsOf(step: MetricCase['steps'][number]): (Tensor | undefined)[] {
  return step.arguments.map((value) => (value === null ? undefined : toTensor(value)));
}

onDevices('metrics', () => {
  for (const golden of cases) {
    it(golden.name, async () => {
      const metric = make(golden);
      for (const [i, step] of golden.steps.entries()) {
        metric.updateState(...argumentsOf(step));
        await expectClose(metric.result(), step.result, `result ${i}`);
      }
      for (const [i, variable] of metric.variables.entries())
        await expectClose(variable.value, golden.state[i]!, variable.name);
    });
  }

  it('updates inside a program and starts over', async () => {
    const golden = cases.find(({ name }) => name === 'sparse accuracy')!;
    const metric = make(golden);
    const update = jit((yTrue: Tensor, yPred: Tensor): Tensor => {
      metric.updateState(yTrue, yPred);
      return metric.result();
    });
    const [yTrue, yPred] = argumentsOf(golden.steps[0]!) as [Tensor, Tensor];
    for (let round = 0; round < 2; round++) {
      metric.resetState();
      await expectClose(update(yTrue, yPred), golden.steps[0]!.result, `round ${round}`);
    }
  });
});

for (const golden of cases) {
  it(`${golden.name}: config and variables`, () => {
    const metric = make(golden);
    expect(metric.getConfig()).toEqual(golden.config);
    expect(metric.variables.map(({ name }) => name)).toEqual(golden.names);
  });
}
