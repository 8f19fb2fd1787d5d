/** A whole training step, as `fit` traces it, is StableHLO that XLA compiles for CPU and for TPU, with the same numbers. */

import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import { useBackend } from '@ceratops/core';
import type { HostArray, Program } from '@ceratops/kernel-registry';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { LocalDevice } from '@ceratops/kernel-registry/testing';
import { describe, expect, it } from 'vitest';
import { missingTpuCompiler, missingXla, runInXla } from '../../packages/kernel-registry/src/text/test-support/xla.js';

interface Run {
  readonly program: Program;
  readonly inputs: readonly HostArray[];
  readonly outputs: readonly HostArray[];
}

/** Trains for one step on a device that keeps what it was asked to run. */
async function trainingStep(): Promise<Run> {
  const runs: Run[] = [];
  const device = new LocalDevice({
    name: 'recorder',
    synchronousReads: true,
    run(program, inputs) {
      const outputs = evaluateProgram(program, inputs);
      if (program.name.includes('train step')) {
        runs.push({
          program,
          inputs: inputs.map((data) => data.slice()),
          outputs: outputs.map((data) => data.slice()),
        });
      }
      return outputs;
    },
  });
  useBackend(device);
  keras.setRandomSeed(1);
  const model = keras.Sequential([
    keras.Input([8, 8, 1]),
    layers.Conv2D(4, 3, { activation: 'relu' }),
    layers.BatchNormalization(),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(3, { activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] });
  const x = Float32Array.from({ length: 8 * 64 }, (_, i) => Math.sin(i));
  await model.fit(x, Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1), { epochs: 1, batchSize: 8, verbose: 0 });
  expect(runs).toHaveLength(1);
  return runs[0]!;
}

const noXla = missingXla();
const noTpu = missingTpuCompiler();

describe('a traced training step', () => {
  it.skipIf(noXla !== undefined)(
    `runs in XLA on the CPU with the same numbers${noXla === undefined ? '' : ` (skipped: ${noXla})`}`,
    async () => {
      const { program, inputs, outputs } = await trainingStep();
      const [answer] = runInXla([{ program: program, inputs }]);
      expect(answer).toBeTypeOf('object');
      const computed = answer as HostArray[];
      expect(computed).toHaveLength(outputs.length);
      for (const [i, output] of outputs.entries()) {
        const scale = Math.max(...Array.from(output as Float32Array, (value) => Math.abs(Number(value))), 1e-6);
        output.forEach((value, j) => {
          expect(Math.abs(Number(computed[i]![j]) - Number(value))).toBeLessThanOrEqual(1e-5 * scale);
        });
      }
    },
  );

  it.skipIf(noTpu !== undefined)(
    `compiles for a TPU topology${noTpu === undefined ? '' : ` (skipped: ${noTpu})`}`,
    async () => {
      const { program, inputs } = await trainingStep();
      expect(runInXla([{ program: program, inputs, topology: 'v5e:2x2' }])).toEqual([[]]);
    },
  );
});
