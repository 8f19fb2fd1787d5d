/** Every optimizer and schedule against Keras on JAX: variables after each step, the state with its names, configs. */

import { jit, type Tensor, Variable } from '@ceratops/core';
import { beforeEach, expect, it } from 'vitest';
import { MaxNorm } from '../constraints/index.js';
import { resetNames } from '../engine/naming.js';
import type { Config, Json } from '../engine/table.js';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import * as optimizers from './index.js';

interface Step {
  readonly gradients: readonly GoldenArray[];
  readonly variables: readonly GoldenArray[];
  readonly learningRate: number;
  readonly iterations: number;
}

interface OptimizerCase {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  readonly constraint: number | null;
  readonly initial: readonly GoldenArray[];
  readonly steps: readonly Step[];
  readonly stateNames: readonly string[];
  readonly statePaths: readonly string[];
  readonly state: readonly GoldenArray[];
  readonly finalized?: readonly GoldenArray[];
}

const cases = readGoldens<OptimizerCase>('optimizers');

function make({ className, config }: OptimizerCase): optimizers.Optimizer {
  const classes = optimizers as unknown as { [name: string]: { fromConfig(config: Config): optimizers.Optimizer } };
  return classes[className]!.fromConfig(config);
}

function variablesOf(golden: OptimizerCase): Variable[] {
  const variables = golden.initial.map((array, i) => {
    const name = ['kernel', 'bias'][i]!;
    return new Variable(toTensor(array), { name, path: name });
  });
  if (golden.constraint !== null) Object.assign(variables[0]!, { constraint: MaxNorm(golden.constraint) });
  return variables;
}

/** Numbers as float32 has them, which is how Keras writes a learning rate. */
function rounded(config: Json): Json {
  return JSON.parse(
    JSON.stringify(config, (_, value: unknown) => (typeof value === 'number' ? Math.fround(value) : value)),
  ) as Json;
}

onDevices('optimizers', () => {
  beforeEach(resetNames);

  for (const golden of cases) {
    it(golden.name, async () => {
      const optimizer = make(golden);
      const variables = variablesOf(golden);
      optimizer.build(variables);
      for (const [i, step] of golden.steps.entries()) {
        optimizer.apply(step.gradients.map(toTensor));
        for (const [j, variable] of variables.entries())
          await expectClose(variable.value, step.variables[j]!, `step ${i} ${variable.name}`);
        expect(Number(await optimizer.learningRate.item())).toBeCloseTo(step.learningRate, 6);
      }
      expect(optimizer.variables.map(({ name }) => name)).toEqual(golden.stateNames);
      for (const [i, variable] of optimizer.variables.entries())
        await expectClose(variable.value, golden.state[i]!, variable.name);
      if (golden.finalized === undefined) return;
      optimizer.finalizeVariableValues(variables);
      for (const [i, variable] of variables.entries())
        await expectClose(variable.value, golden.finalized[i]!, `finalized ${i}`);
    });
  }

  it('steps inside one program, compiled once', async () => {
    const golden = cases.find(({ name }) => name === 'adam')!;
    const optimizer = make(golden);
    const variables = variablesOf(golden);
    optimizer.build(variables);
    const step = jit((...gradients: Tensor[]): void => optimizer.apply(gradients));
    for (const { gradients, variables: expected } of golden.steps) {
      step(...gradients.map(toTensor));
      for (const [i, variable] of variables.entries()) await expectClose(variable.value, expected[i]!, variable.name);
    }
  });

  it('takes a new learning rate', async () => {
    const optimizer = optimizers.SGD(0.5);
    optimizer.learningRate = 0.25;
    expect(await optimizer.learningRate.item()).toBe(0.25);
    expect(optimizer.getConfig()['learning_rate']).toBe(0.25);
  });
});

for (const golden of cases) {
  it(`${golden.name}: config`, () => {
    expect(rounded(make(golden).getConfig())).toEqual(rounded(golden.config));
  });
}
