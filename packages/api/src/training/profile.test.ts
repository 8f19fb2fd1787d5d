/** A profile of training, on the CPU backend where it is installed. */

import { closeBackend, profile, useBackend } from '@ceratops/core';
import { afterEach, expect, it } from 'vitest';
import { Input } from '../engine/input.js';
import { Sequential } from '../engine/sequential.js';
import * as layers from '../layers/index.js';
import { ones } from '../ops/creation.js';

const name = '@ceratops/backend-cpu';
const cpu = (await import(name).catch(() => undefined)) as { createCpuBackend(options: object): never } | undefined;

afterEach(closeBackend);

it.skipIf(cpu === undefined)(
  'a profile of fit has a program for each step, and in it all that a layer runs',
  async () => {
    useBackend(cpu!.createCpuBackend({ threads: 1 }));
    const model = Sequential([Input([32]), layers.Dense(64, { activation: 'tanh' }), layers.Dense(1)]);
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const [x, y] = [ones([96, 32]), ones([96, 1])];
    const run = () => model.fit(x, y, { epochs: 2, batchSize: 32, verbose: 0 });
    await run();
    const { events, result } = await profile(run);
    expect(result.history.loss).toHaveLength(2);
    const steps = events.filter(({ kind, program }) => kind === 'program' && program.startsWith('train step'));
    expect(steps).toHaveLength(6);
    for (const { start, duration, program } of steps) {
      const kernels = events.filter(
        (event) => event.kind === 'kernel' && event.start >= start && event.start + event.duration <= start + duration,
      );
      expect(kernels.every((kernel) => kernel.program === program)).toBe(true);
      const ops = new Set(kernels.flatMap((kernel) => kernel.ops));
      expect([...ops]).toEqual(expect.arrayContaining(['dot_general', 'tanh', 'subtract', 'multiply', 'add']));
      // Forward, gradient of the kernel and, for the second layer, of its input: two operations a product.
      const products = kernels.filter((kernel) => kernel.ops.includes('dot_general')).map(({ flops }) => flops);
      // With the first product go its bias, tanh and what its gradient needs of it; with its kernel's gradient, the kernel's step.
      const joined = 5 * (32 * 64);
      expect(products.reduce((sum, flops) => sum + flops, 0)).toBe(2 * 2 * (32 * 32 * 64) + 3 * 2 * (32 * 64) + joined);
    }
  },
);
