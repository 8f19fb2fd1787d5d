/** What training on long sequences keeps, by the plan of the CPU backend: it does not depend on the machine. */

import { closeBackend } from '@ceratops/core';
import { afterEach, expect, it } from 'vitest';
import { Input } from '../engine/input.js';
import { Sequential } from '../engine/sequential.js';
import { ones } from '../ops/creation.js';
import { useExplainingCpu } from '../test-support/cpu-explanations.js';
import * as layers from './index.js';

afterEach(closeBackend);

it.skipIf(useExplainingCpu === undefined)(
  'an LSTM over 1,000 steps needs at most twice its inputs, carries and gates',
  async () => {
    const [batch, time, features, units] = [4, 1000, 16, 32];
    const texts = useExplainingCpu!();
    const model = Sequential([Input([time, features]), layers.LSTM(units), layers.Dense(1)]);
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    await model.trainOnBatch(ones([batch, time, features]), ones([batch, 1]));
    const step = texts.find((text) => text.startsWith('train step') && text.includes('while'))!;
    const [, temporaries, workspace] = /(\d+) bytes of temporaries, (\d+) of workspace/.exec(step)!.map(Number);
    const inputs = batch * time * features * 4;
    const carries = batch * time * 2 * units * 4;
    const gates = batch * time * 4 * units * 4;
    expect(inputs + temporaries! + workspace!).toBeLessThanOrEqual(2 * (inputs + carries + gates));
  },
);
