/** The CPU backend's memory plans of usual models against the least that their steps need; no run, no machine changes them. */

import { closeBackend } from '@ceratops/core';
import { afterEach, describe, expect, it } from 'vitest';
import { Input } from '../engine/input.js';
import { Model } from '../engine/model.js';
import { Sequential } from '../engine/sequential.js';
import * as layers from '../layers/index.js';
import { zeros } from '../ops/creation.js';
import { useExplainingCpu } from '../test-support/cpu-explanations.js';

afterEach(closeBackend);

const perceptron = () => Sequential([Input([64]), layers.Dense(48, { activation: 'relu' }), layers.Dense(10)]);

const convolutional = () =>
  Sequential([
    Input([12, 12, 1]),
    layers.Conv2D(8, 3, { activation: 'relu' }),
    layers.MaxPooling2D(2),
    layers.Conv2D(16, 3, { activation: 'relu' }),
    layers.Flatten(),
    layers.Dense(10),
  ]);

const recurrent = () =>
  Sequential([Input([12], { dtype: 'int32' }), layers.Embedding(50, 16), layers.LSTM(24), layers.Dense(2)]);

function transformer() {
  const tokens = Input([16], { dtype: 'int32' });
  const embedded = layers.Embedding(50, 32)(tokens);
  const queries = layers.LayerNormalization()(embedded);
  const attended = layers.Add()([embedded, layers.MultiHeadAttention(4, 8)(queries, queries, { useCausalMask: true })]);
  const hidden = layers.Dense(64, { activation: 'relu' })(layers.LayerNormalization()(attended));
  const outputs = layers.Dense(50)(layers.Add()([attended, layers.Dense(32)(hidden)]));
  return Model(tokens, outputs);
}

describe.skipIf(useExplainingCpu === undefined)('memory plans', () => {
  it.each([
    ['a perceptron', perceptron, [8, 64], 'float32', [8, 10]],
    ['a convolutional net', convolutional, [8, 12, 12, 1], 'float32', [8, 10]],
    ['an LSTM', recurrent, [8, 12], 'int32', [8, 2]],
    ['a transformer', transformer, [8, 16], 'int32', [8, 16, 50]],
  ] as const)('are within 1.15 of the liveness bound: %s', async (_, build, input, dtype, output) => {
    const texts = useExplainingCpu!();
    const model = build();
    model.compile({ optimizer: 'adam', loss: 'mse' });
    const x = zeros(input, { dtype });
    await model.trainOnBatch(x, zeros(output));
    await model.predict(x, { verbose: 0 });
    const programs = texts.filter((text) => /^(train step|prediction)/.test(text));
    expect(programs).toHaveLength(2);
    for (const text of programs) {
      const [, arena, beside, bound] = /(\d+) bytes of temporaries, (\d+) of work.*; at most (\d+) bytes alive/
        .exec(text)!
        .map(Number);
      expect(bound).toBeGreaterThan(0);
      // What kernels need for themselves is in the plan.
      expect(beside).toBe(0);
      expect(arena).toBeLessThanOrEqual(1.15 * bound!);
    }
  });
});
