/** Files that Ceratops wrote, opened in Python Keras: the same predictions, and the same after two more training steps. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import * as optimizers from '@ceratops/api/optimizers';
import '@ceratops/backend-cpu';
import { type Tensor, tensor } from '@ceratops/core';
import type { DType } from '@ceratops/kernel-registry';
import { afterAll, describe, expect, it } from 'vitest';

const python = process.env.CERATOPS_PYTHON ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));

function missingKeras(): string | undefined {
  if (!existsSync(python)) return `no Python at ${python}`;
  const found = spawnSync(python, ['-c', 'import keras, jax, h5py'], { env: { ...process.env, KERAS_BACKEND: 'jax' } });
  return found.status === 0 ? undefined : `${python} has no keras with jax and h5py`;
}

interface Listed {
  readonly dtype: DType;
  readonly shape: number[];
  readonly data: number[];
}

interface Case {
  readonly model: keras.Model<never, unknown>;
  readonly x: Listed[];
  readonly y: Listed[];
}

const wave = (count: number, scale = 1): number[] =>
  Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i + 1) * scale));
const floats = (...shape: number[]): Listed => ({
  dtype: 'float32',
  shape,
  data: wave(shape.reduce((a, b) => a * b, 1)),
});
const classes = (count: number, of: number): Listed => ({
  dtype: 'int32',
  shape: [count],
  data: Array.from({ length: count }, (_, i) => (i * 7) % of),
});

const cases: Record<string, () => Case> = {
  convolutional() {
    const model = keras.Sequential([
      keras.Input([8, 8, 2]),
      layers.Conv2D(4, 3, { activation: 'relu', padding: 'same' }),
      layers.BatchNormalization(),
      layers.DepthwiseConv2D(3),
      layers.MaxPooling2D(2),
      layers.Flatten(),
      layers.Dense(3, { activation: 'softmax' }),
    ]);
    const loss = keras.losses.sparseCategoricalCrossentropy;
    model.compile({ optimizer: 'adam', loss, metrics: [keras.metrics.sparseCategoricalAccuracy] });
    return { model: model as never, x: [floats(6, 8, 8, 2)], y: [classes(6, 3)] };
  },
  branching() {
    const tokens = keras.Input([5], { dtype: 'int32', name: 'tokens' });
    const vector = keras.Input([4], { name: 'vector' });
    const shared = layers.Dense(6, { activation: 'tanh' });
    const embedded = layers.Flatten()(layers.Embedding(10, 3)(tokens));
    const joined = layers.Concatenate()([shared(vector), shared(layers.Dense(4)(embedded))]);
    const normalized = layers.LayerNormalization()(joined);
    const model = keras.Model(
      [tokens, vector],
      [layers.Dense(1, { name: 'price' })(normalized), layers.Dense(2, { name: 'score' })(joined)],
    );
    model.compile({
      optimizer: optimizers.RMSprop(0.01, { momentum: 0.5 }),
      loss: ['mse', 'huber'],
      lossWeights: [0.5, 1],
    });
    const integers: Listed = {
      dtype: 'int32',
      shape: [6, 5],
      data: Array.from({ length: 30 }, (_, i) => (i * 3) % 10),
    };
    return { model: model as never, x: [integers, floats(6, 4)], y: [floats(6, 1), floats(6, 2)] };
  },
  scheduled() {
    const model = keras.Sequential([
      keras.Input([12]),
      layers.Reshape([6, 2]),
      layers.Conv1D(4, 3),
      layers.Flatten(),
      layers.Dense(2),
    ]);
    const rate = optimizers.schedules.ExponentialDecay(0.1, 2, 0.5);
    model.compile({ optimizer: optimizers.SGD(rate, { momentum: 0.9, nesterov: true, clipnorm: 1 }), loss: 'mse' });
    return { model: model as never, x: [floats(6, 12)], y: [floats(6, 2)] };
  },
  recurrent() {
    const tokens = keras.Input([5], { dtype: 'int32', name: 'tokens' });
    const target = keras.Input([4, 2], { name: 'target' });
    const embedded = layers.Embedding(10, 3, { maskZero: true })(tokens);
    const read = layers.Bidirectional(layers.GRU(4, { returnSequences: true, dropout: 0 }))(embedded);
    const encoder = layers.LSTM(4, { returnState: true });
    const [, h, c] = encoder(read) as unknown as [never, never, never];
    const decoded = layers.LSTM(4, { returnSequences: true })(target, { initialState: [h, c] });
    const stacked = layers.RNN([layers.SimpleRNNCell(4), layers.GRUCell(3)], { returnSequences: true })(decoded);
    const model = keras.Model([tokens, target], layers.TimeDistributed(layers.Dense(2))(stacked));
    model.compile({ optimizer: 'adam', loss: 'mse' });
    return {
      model: model as never,
      x: [{ ...classes(30, 10), shape: [6, 5] }, floats(6, 4, 2)],
      y: [floats(6, 4, 2)],
    };
  },
  transformer() {
    const tokens = keras.Input([5], { dtype: 'int32' });
    const h = layers.Embedding(10, 4)(tokens);
    const attended = layers.MultiHeadAttention(2, 2)(h, h, { useCausalMask: true });
    const joined = layers.LayerNormalization()(layers.Add()([h, attended]));
    const model = keras.Model(tokens, layers.Dense(3, { activation: 'softmax' })(joined));
    model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy' });
    return {
      model: model as never,
      x: [{ ...classes(30, 10), shape: [6, 5] }],
      y: [{ ...classes(30, 3), shape: [6, 5] }],
    };
  },
  attentive() {
    const query = keras.Input([4, 6], { name: 'query' });
    const tokens = keras.Input([5], { dtype: 'int32', name: 'tokens' });
    const value = layers.Embedding(10, 6, { maskZero: true })(tokens);
    const grouped = layers.GroupQueryAttention(3, 4, 2, { useGate: true })(query, value, { useCausalMask: true });
    const normalized = layers.RMSNormalization()(grouped);
    const gated = layers.MultiHeadAttention(2, 3, { useGate: true })(normalized, value, value);
    const scored = layers.Attention({ useScale: true, scoreMode: 'concat' })([gated, normalized]);
    const added = layers.AdditiveAttention()([scored, gated]);
    const projected = layers.EinsumDense('abc,cd->abd', [4, 3], { biasAxes: 'd' })(layers.Average()([added, gated]));
    const model = keras.Model([query, tokens], layers.GlobalAveragePooling1D()(projected));
    model.compile({ optimizer: 'adam', loss: 'mse' });
    return {
      model: model as never,
      x: [floats(6, 4, 6), { ...classes(30, 10), shape: [6, 5] }],
      y: [floats(6, 3)],
    };
  },
  images() {
    const model = keras.Sequential([
      keras.Input([6, 6, 2]),
      layers.ZeroPadding2D(1),
      layers.SeparableConv2D(4, 3, { depthMultiplier: 2 }),
      layers.GroupNormalization(2),
      layers.PReLU({ sharedAxes: [1, 2] }),
      layers.Conv2DTranspose(3, 3, { strides: 2, padding: 'same' }),
      layers.LeakyReLU(0.1),
      layers.UpSampling2D(2, { interpolation: 'bilinear' }),
      layers.Cropping2D([
        [1, 2],
        [0, 3],
      ]),
      layers.GlobalMaxPooling2D(),
      layers.UnitNormalization(),
      layers.Dense(2),
    ]);
    model.compile({ optimizer: 'adam', loss: 'mse' });
    return { model: model as never, x: [floats(4, 6, 6, 2)], y: [floats(4, 2)] };
  },
  plain() {
    const model = keras.Sequential([keras.Input([3]), layers.Dense(2)]);
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    return { model: model as never, x: [floats(6, 3)], y: [floats(6, 2)] };
  },
  whole() {
    const model = keras.Sequential([keras.Input([3]), layers.Dropout(0), layers.Dense(2, { kernelRegularizer: 'l2' })]);
    const rate = optimizers.schedules.CosineDecay(1, 10);
    model.compile({ optimizer: optimizers.SGD(rate, { momentum: 0.5, clipnorm: 1 }), loss: keras.losses.Huber(1) });
    return { model: model as never, x: [floats(6, 3)], y: [floats(6, 2)] };
  },
};

const tensors = (listed: Listed[]): Tensor[] => listed.map(({ data, dtype, shape }) => tensor(data, { dtype, shape }));
const single = <T>(items: T[]): never => (items.length === 1 ? items[0] : items) as never;

async function outputsOf({ model, x }: Case): Promise<number[][]> {
  const outputs = (await model.predict(single(tensors(x)), { verbose: 0 })) as Tensor | Tensor[];
  const list = Array.isArray(outputs) ? outputs : [outputs];
  return Promise.all(list.map(async (output) => Array.from((await output.data()) as Float32Array)));
}

function expectClose(ours: number[][], theirs: number[][]): void {
  expect(theirs).toHaveLength(ours.length);
  for (const [i, output] of ours.entries()) {
    const scale = Math.max(...output.map(Math.abs));
    const distance = Math.max(...output.map((value, j) => Math.abs(value - theirs[i]![j]!)));
    expect(distance).toBeLessThanOrEqual(1e-5 * scale);
  }
}

const reason = missingKeras();

describe.skipIf(reason !== undefined)(
  `Python Keras opens our files${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'ceratops-python-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it.each(Object.keys(cases))('%s', { timeout: 180_000 }, async (name) => {
      keras.setRandomSeed(1);
      const made = cases[name]!();
      const { model, x, y } = made;
      const step = () => model.trainOnBatch(single(tensors(x)), single(tensors(y)));
      await step();
      await step();
      const path = join(folder, `${name}.keras`);
      await keras.saving.saveModel(model, path);
      const script = fileURLToPath(new URL('open_and_train.py', import.meta.url));
      const { stdout, stderr, status } = spawnSync(python, [script, path], {
        input: JSON.stringify({ x, y }),
        encoding: 'utf8',
      });
      expect(status, stderr.slice(-2000)).toBe(0);
      const theirs = JSON.parse(stdout.trim().split('\n').at(-1)!) as { before: number[][]; after: number[][] };
      expectClose(await outputsOf(made), theirs.before);
      await step();
      await step();
      expectClose(await outputsOf(made), theirs.after);
    });
  },
);
