/** `stepsPerExecution`: what Keras 3.15.1 on JAX does with five batches of two rows. */

import { type Tensor, tensor } from '@ceratops/core';
import { describe, expect, test } from 'vitest';
import type { CallbackLike } from '../callbacks/callback.js';
import { Sequential } from '../engine/sequential.js';
import * as layers from '../layers/index.js';
import { onDevices } from '../test-support/devices.js';
import { wholeExecutions } from './executions.js';

/** The batches that callbacks are told of, as `begin–end`. */
class Watch implements CallbackLike {
  readonly seen: string[] = [];
  #begun = 0;
  readonly onTrainBatchBegin = (batch: number): void => void (this.#begun = batch);
  readonly onTestBatchBegin = this.onTrainBatchBegin;
  readonly onPredictBatchBegin = this.onTrainBatchBegin;
  readonly onTrainBatchEnd = (batch: number): void => void this.seen.push(`train ${this.#begun}–${batch}`);
  readonly onTestBatchEnd = (batch: number): void => void this.seen.push(`test ${this.#begun}–${batch}`);
  readonly onPredictBatchEnd = (batch: number): void => void this.seen.push(`predict ${this.#begun}–${batch}`);
}

const quiet = { verbose: 0, batchSize: 2, shuffle: false } as const;
const x = (): Tensor => tensor([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], { shape: [10, 1] });
const y = (): Tensor => tensor([0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8], { shape: [10, 1] });

function line(): ReturnType<typeof Sequential> {
  const model = Sequential([layers.Dense(1, { kernelInitializer: 'ones' })]);
  model.compile({ optimizer: 'sgd', loss: 'mse', metrics: ['mae'], stepsPerExecution: 2 });
  return model;
}

function expectClose(actual: readonly number[] | undefined, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs(actual![i]! - value)).toBeLessThan(1e-5 * value);
}

test('steps round up to whole executions', () => {
  expect([0, 1, 2, 5].map((steps) => wholeExecutions(steps, 2))).toEqual([0, 2, 2, 6]);
  expect([wholeExecutions(3), wholeExecutions(Number.POSITIVE_INFINITY, 2)]).toEqual([3, Number.POSITIVE_INFINITY]);
});

onDevices('stepsPerExecution', () => {
  describe('fit', () => {
    const epoch = ['train 0–1', 'train 2–3', 'train 4–5'];

    test.each([
      { steps: undefined, epochs: 1, loss: [0.26599013805], seen: epoch },
      { steps: 1, epochs: 2, loss: [0.0347440280020237, 0.3002532720565796], seen: ['train 0–1', 'train 0–1'] },
      {
        steps: 3,
        epochs: 2,
        loss: [0.1674986481666565, 0.6599560976028442],
        seen: ['train 0–1', 'train 2–3', 'train 0–1'],
      },
      { steps: 6, epochs: 2, loss: [0.26599013805389404, 0.21866491436958313], seen: [...epoch, ...epoch] },
    ])('stepsPerEpoch $steps', async ({ steps, epochs, loss, seen }) => {
      const callbacks = new Watch();
      const { history } = await line().fit(x(), y(), { ...quiet, epochs, stepsPerEpoch: steps, callbacks });
      expectClose(history.loss, loss);
      expect(callbacks.seen).toEqual(seen);
    });

    test('validationSteps', async () => {
      const callbacks = new Watch();
      const options = { ...quiet, validationData: [x(), y()], validationSteps: 1, callbacks };
      const { history } = await line().fit(x(), y(), options);
      expectClose(history.val_loss, [0.022260567173361778]);
      expect(callbacks.seen).toEqual([...epoch, 'test 0–1']);
    });
  });

  test.each([
    { steps: undefined, loss: 0.2849999964237213, seen: ['test 0–1', 'test 2–3', 'test 4–5'] },
    { steps: 1, loss: 0.03500000387430191, seen: ['test 0–1'] },
    { steps: 3, loss: 0.17500001192092896, seen: ['test 0–1', 'test 2–3'] },
  ])('evaluate, steps $steps', async ({ steps, loss, seen }) => {
    const callbacks = new Watch();
    const logs = await line().evaluate(x(), y(), { verbose: 0, batchSize: 2, steps, callbacks });
    expectClose([logs.loss!], [loss]);
    expect(callbacks.seen).toEqual(seen);
  });

  test.each([
    { steps: undefined, rows: 10, seen: ['predict 0–1', 'predict 2–3', 'predict 4–5'] },
    { steps: 1, rows: 4, seen: ['predict 0–1'] },
    { steps: 3, rows: 8, seen: ['predict 0–1', 'predict 2–3'] },
  ])('predict, steps $steps', async ({ steps, rows, seen }) => {
    const callbacks = new Watch();
    const outputs = await line().predict(x(), { batchSize: 2, steps, callbacks });
    expect((outputs as Tensor).shape).toEqual([rows, 1]);
    expect(callbacks.seen).toEqual(seen);
  });
});
