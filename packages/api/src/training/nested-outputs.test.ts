import { expect, it } from 'vitest';
import { Input, Model } from '../index.js';
import * as layers from '../layers/index.js';
import { onDevices } from '../test-support/devices.js';

const rows = <T>(row: T): T[] => Array.from({ length: 8 }, () => row);

function nested() {
  const input = Input([2]);
  const head = (name: string) => layers.Dense(1, { name, kernelInitializer: 'ones' })(input);
  return Model(input, { u: { v: head('u1') }, w: [head('q1'), head('r1')] });
}

const x = rows([1, 1]);
const z = rows([1]);
const y = { u: { v: z }, w: [z, z] } as const;

onDevices('nested outputs', () => {
  // The logs of Keras 3.15.1 on JAX: losses go by path, metrics by output.
  it('have losses, metrics and targets of the same structure', async () => {
    const model = nested();
    model.compile({
      optimizer: 'sgd',
      loss: { u: { v: 'mse' }, w: ['mae', 'mse'] } as never,
      metrics: { u: { v: 'mae' }, w: ['mse', 'mae'] } as never,
    });
    const { history } = await model.fit(x, y as never, { verbose: 0 });
    expect(history).toEqual({
      loss: [3],
      q1_mse: [1],
      r1_mae: [1],
      'u/v_loss': [1],
      u1_mae: [1],
      'w/q1_loss': [1],
      'w/r1_loss': [1],
    });
    const prediction = (await model.predict(x, { verbose: 0 })) as never as typeof y;
    expect([Object.keys(prediction), prediction.w.length]).toEqual([['u', 'w'], 2]);
  });

  it('have sample weights of the same structure', async () => {
    const model = nested();
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const sampleWeight = { u: { v: rows(2) }, w: [rows(1), null] } as never;
    expect(await model.evaluate(x, y as never, { sampleWeight, verbose: 0 })).toMatchObject({ loss: 4 });
  });

  it('refuse other structures', async () => {
    const model = nested();
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const error = (targets: unknown) =>
      model.fit(x, targets as never, { verbose: 0 }).catch((reason: unknown) => reason);
    expect(await error({ u: { v: z }, w: [z] })).toMatchObject({ code: 'SHAPE_MISMATCH', subject: 'y.w' });
    expect(await error({ u: z, w: [z, z] })).toMatchObject({ code: 'SHAPE_MISMATCH', subject: 'y.u' });
    expect(await error({ u: { v: z } })).toMatchObject({ name: 'CeratopsError' });
    model.compile({ optimizer: 'sgd', loss: { u: 'mse', w: ['mse', 'mse'] } as never });
    expect(await error(y)).toMatchObject({ code: 'INVALID_ARGUMENT', subject: 'loss' });
  });
});
