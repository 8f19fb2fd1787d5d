/** Metrics of several values in one run: an array in the logs, its mean in what is printed, as in Keras 3.15.1. */

import { expect, test } from 'vitest';
import { EarlyStopping } from '../callbacks/index.js';
import { Input } from '../engine/input.js';
import { Sequential } from '../engine/sequential.js';
import * as layers from '../layers/index.js';
import { Precision, Recall } from '../metrics/index.js';
import { onDevices } from '../test-support/devices.js';
import { setTextStream } from '../utils/output.js';

const x = [[0.05], [0.2], [0.4], [0.7], [0.9]];
const y = [[0], [1], [0], [1], [1]];
/** Of Keras on JAX, for these data and thresholds. */
const expected = { recall: [2 / 3, 2 / 3], p: [0.75, 2 / 3, 1] };

function same(): Sequential {
  const model = Sequential([Input([1]), layers.Activation('linear')]);
  const metrics = [
    Recall({ thresholds: [0.3, 0.6], name: 'recall' }),
    Precision({ thresholds: [0.1, 0.3, 0.6], name: 'p' }),
    'mae',
  ];
  model.compile({ optimizer: 'sgd', loss: 'mse', metrics });
  return model;
}

onDevices('metrics of several values', () => {
  test('are arrays in logs and history, and print their mean', async () => {
    const lines: string[] = [];
    setTextStream({ isTTY: false, write: (text) => lines.push(text) });
    const logs = await same().evaluate(x, y, { verbose: 2, batchSize: 2 });
    const { history } = await same().fit(x, y, { verbose: 0, epochs: 2, validationData: [x, y] });
    setTextStream(undefined);
    for (const [name, values] of Object.entries(expected)) {
      for (const [i, value] of values.entries()) {
        expect((logs[name] as unknown as number[])[i], `${name} ${i}`).toBeCloseTo(value, 6);
        expect((history[`val_${name}`]![1] as unknown as number[])[i], `val_${name} ${i}`).toBeCloseTo(value, 6);
      }
    }
    expect(logs.mae).toBeCloseTo(0.33, 6);
    expect(lines.join('')).toMatch(/3\/3 - .*loss: 0\.1805 - mae: 0\.3300 - p: 0\.8056 - recall: 0\.6667\n$/);
  });

  test('cannot be watched', async () => {
    const callbacks = EarlyStopping({ monitor: 'recall', mode: 'max' });
    await expect(same().fit(x, y, { verbose: 0, callbacks })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      subject: 'EarlyStopping',
      problem: expect.stringContaining("'recall' has several values"),
    });
  });
});
