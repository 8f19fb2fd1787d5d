import { expect, it } from 'vitest';
import { Input, Model } from '../index.js';
import * as layers from '../layers/index.js';
import { onDevices } from '../test-support/devices.js';

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

onDevices('sample weights', () => {
  it('may be given for some outputs only', async () => {
    const x = [1, 2, 3, 4];
    const weights = [1, 0, 2, 0.5];
    const input = Input([1]);
    const head = (name: string) => layers.Dense(1, { name, kernelInitializer: 'ones', useBias: false })(input);
    const model = Model(input, [head('a'), head('b')]);
    model.compile({ optimizer: 'sgd', loss: ['mse', 'mae'] });
    const targets = [3, 3, 3, 3];
    const data = [x, targets].map((values) => values.map((value) => [value])) as [number[][], number[][]];
    const y = [data[1], data[1]] as const;
    const sampleWeight = [weights, null] as never;
    const weighted = mean(x.map((value, i) => weights[i]! * (value - 3) ** 2));
    const plain = mean(x.map((value) => Math.abs(value - 3)));
    const logs = await model.evaluate(data[0], y as never, { sampleWeight, verbose: 0 });
    expect(logs.loss).toBeCloseTo(weighted + plain, 5);
    expect(await model.trainOnBatch(data[0], y as never, { sampleWeight })).toMatchObject({
      loss: expect.closeTo(weighted + plain, 5),
    });
  });
});
