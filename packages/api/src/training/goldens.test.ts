import { isTensor, type Tensor, tensor } from '@ceratops/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EarlyStopping } from '../callbacks/early-stopping.js';
import * as constraints from '../constraints/index.js';
import { clearSession } from '../engine/clear-session.js';
import { Input } from '../engine/input.js';
import { Model } from '../engine/model.js';
import { setRandomSeed } from '../engine/random-state.js';
import { Sequential } from '../engine/sequential.js';
import { flatten } from '../engine/tree.js';
import * as layers from '../layers/index.js';
import * as losses from '../losses/index.js';
import * as optimizers from '../optimizers/index.js';
import * as regularizers from '../regularizers/index.js';
import { onDevices } from '../test-support/devices.js';
import { classes, distance, grid, gridData, tokens, trainingCases } from '../test-support/goldens.js';
import { setTextStream } from '../utils/output.js';

type AnyModel = Model<never, unknown>;

interface Outcome {
  readonly model: unknown;
  readonly history: { readonly [name: string]: readonly number[] };
  readonly inputs: unknown;
  readonly evaluate?: { readonly [name: string]: number };
  readonly epochs?: readonly number[];
}

const cases: { readonly [name: string]: () => Promise<Outcome> } = {
  async dense_adam() {
    const model = Sequential([
      Input([4]),
      layers.Dense(8, { activation: 'relu' }),
      layers.Dense(3, { activation: 'softmax' }),
    ]);
    model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] });
    const [x, y] = [grid([22, 4]), classes(22, 3)];
    const { history } = await model.fit(x, y, { epochs: 3, batchSize: 8, shuffle: false, verbose: 0 });
    const evaluate = await model.evaluate(x, y, { batchSize: 8, verbose: 0 });
    return { model, history, inputs: x, evaluate };
  },

  async cnn_dropout() {
    const model = Sequential([
      Input([8, 8, 1]),
      layers.Conv2D(4, 3, { activation: 'relu' }),
      layers.MaxPooling2D(2),
      layers.Flatten(),
      layers.Dropout(0.5),
      layers.Dense(3, { activation: 'softmax' }),
    ]);
    model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] });
    // A flat typed array takes its shape from the model's input.
    const [x, y] = [gridData([20, 8, 8, 1]), classes(20, 3)];
    const { history } = await model.fit(x, y, { epochs: 3, batchSize: 8, shuffle: false, verbose: 0 });
    return { model, history, inputs: x };
  },

  async shuffled_split() {
    const model = Sequential([layers.Dense(5, { activation: 'tanh' }), layers.Dense(1)]);
    model.compile({ optimizer: 'sgd', loss: 'mse', metrics: ['mae'] });
    const [x, y] = [grid([23, 3]), grid([23, 1], 131)];
    const first = await model.fit(x, y, { epochs: 3, batchSize: 4, validationSplit: 0.2, verbose: 0 });
    const again = await model.fit(x, y, { epochs: 4, initialEpoch: 2, batchSize: 8, verbose: 0 });
    const renamed = Object.entries(again.history).map(([name, values]) => [`again_${name}`, values]);
    return { model, history: { ...first.history, ...Object.fromEntries(renamed) }, inputs: x };
  },

  async shuffled_batchwise() {
    const model = Sequential([Input([3]), layers.Dense(1)]);
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const [x, y] = [grid([10, 3]), grid([10, 1], 131)];
    const { history } = await model.fit(x, y, { epochs: 2, batchSize: 4, shuffle: 'batch', verbose: 0 });
    return { model, history, inputs: x };
  },

  async class_weights() {
    const model = Sequential([Input([4]), layers.Dense(3, { activation: 'softmax' })]);
    model.compile({
      optimizer: optimizers.SGD(0.1, { momentum: 0.9 }),
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
      weightedMetrics: ['accuracy'],
    });
    const [x, y] = [grid([18, 4]), classes(18, 3)];
    const options = { epochs: 3, batchSize: 5, shuffle: false, classWeight: { 0: 2, 1: 0.5 }, verbose: 0 } as const;
    const { history } = await model.fit(x, y, options);
    return { model, history, inputs: x };
  },

  async regularized() {
    const model = Sequential([
      Input([4]),
      layers.Dense(6, {
        activation: 'relu',
        kernelRegularizer: regularizers.L2(0.01),
        activityRegularizer: regularizers.L1(0.02),
      }),
      layers.BatchNormalization(),
      layers.Dense(1, { kernelConstraint: constraints.MaxNorm(0.5) }),
    ]);
    model.compile({ optimizer: optimizers.Adam(0.05, { clipnorm: 0.5, weightDecay: 0.01 }), loss: 'mse' });
    const [x, y] = [grid([16, 4]), grid([16, 1], 131)];
    const sampleWeight = gridData([16], 37).map(Math.abs);
    const { history } = await model.fit(x, y, { epochs: 3, batchSize: 8, shuffle: false, sampleWeight, verbose: 0 });
    return { model, history, inputs: x };
  },

  async two_outputs() {
    const [a, b] = [Input([4], { name: 'a' }), Input([2], { name: 'b' })];
    const h = layers.Concatenate()([layers.Dense(4, { activation: 'relu', name: 'left' })(a), b]);
    const price = layers.Dense(1, { name: 'price' })(h);
    const label = layers.Dense(3, { activation: 'softmax', name: 'label' })(h);
    const model = Model([a, b], [price, label]);
    model.compile({
      optimizer: 'rmsprop',
      loss: { price: 'mse', label: 'sparse_categorical_crossentropy' },
      lossWeights: { price: 0.5, label: 2 },
      metrics: { label: ['accuracy'], price: ['mae'] },
    });
    const xs = [grid([14, 4]), grid([14, 2], 53)] as const;
    const ys = [grid([14, 1], 131), classes(14, 3)] as const;
    const { history } = await model.fit({ b: xs[1], a: xs[0] }, ys, {
      epochs: 3,
      batchSize: 4,
      shuffle: false,
      verbose: 0,
    });
    const evaluate = await model.evaluate(xs, { label: ys[1], price: ys[0] }, { batchSize: 4, verbose: 0 });
    return { model, history, inputs: xs, evaluate };
  },

  async record_outputs() {
    const a = Input([4], { name: 'a' });
    const model = Model({ a }, { z: layers.Dense(1, { name: 'first' })(a), c: layers.Dense(2, { name: 'second' })(a) });
    model.compile({ optimizer: 'sgd', loss: { z: 'mse', c: 'mae' }, metrics: { z: ['mae'], c: ['mse'] } });
    const [x, y] = [{ a: grid([12, 4]) }, { z: grid([12, 1], 131), c: grid([12, 2], 17) }];
    const { history } = await model.fit(x, y, { epochs: 2, batchSize: 5, shuffle: false, verbose: 0 });
    return { model, history, inputs: x };
  },

  async shared_nested() {
    const innerInput = Input([3]);
    const inner = Model(innerInput, layers.Dense(3, { activation: 'tanh' })(innerInput), { name: 'inner' });
    const x = Input([3]);
    const shared = layers.Dense(3, { name: 'shared' });
    const y = layers.Add()([shared(inner(x)), shared(x)]);
    const model = Model(x, layers.Dense(1)(y));
    model.getLayer('inner').trainable = false;
    model.compile({ optimizer: 'adam', loss: 'mse' });
    const [data, target] = [grid([12, 3]), grid([12, 1], 131)];
    const { history } = await model.fit(data, target, { epochs: 2, batchSize: 6, shuffle: false, verbose: 0 });
    return { model, history, inputs: data };
  },

  async generator_steps() {
    const model = Sequential([Input([3]), layers.Dense(1)]);
    model.compile({ optimizer: 'sgd', loss: 'mae', metrics: ['mse'] });
    function* batches(): Generator<[Tensor, Tensor]> {
      for (;;) for (let i = 0; i < 3; i++) yield [grid([4, 3], 7 + i), grid([4, 1], 11 + i)];
    }
    const { history } = await model.fit(batches(), { stepsPerEpoch: 4, epochs: 2, verbose: 0 });
    return { model, history, inputs: grid([4, 3]) };
  },

  async early_stopping() {
    const model = Sequential([Input([3]), layers.Dense(1)]);
    model.compile({ optimizer: optimizers.SGD(0.9), loss: 'mse' });
    const [x, y] = [gridData([12, 3]), gridData([12, 1], 131)];
    const held = [tensor(x.slice(0, 15), { shape: [5, 3] }), tensor(y.slice(0, 5), { shape: [5, 1] })];
    const { history, epoch } = await model.fit(x, y, {
      epochs: 12,
      batchSize: 4,
      shuffle: false,
      verbose: 0,
      validationData: held,
      callbacks: EarlyStopping({ patience: 2, restoreBestWeights: true }),
    });
    return { model, history, inputs: x, epochs: epoch };
  },

  async lstm_masked_dropout() {
    const model = Sequential([
      Input([7], { dtype: 'int32' }),
      layers.Embedding(12, 5, { maskZero: true }),
      layers.LSTM(6, { dropout: 0.2, recurrentDropout: 0.3 }),
      layers.Dense(2),
    ]);
    const loss = losses.SparseCategoricalCrossentropy({ fromLogits: true });
    model.compile({ optimizer: 'adam', loss, metrics: ['accuracy'] });
    const [x, y] = [tokens([20, 7], 12), classes(20, 2)];
    const { history } = await model.fit(x, y, { epochs: 3, batchSize: 8, shuffle: false, verbose: 0 });
    return { model, history, inputs: x };
  },

  async recurrent_stack() {
    const model = Sequential([
      Input([6, 3]),
      layers.SimpleRNN(4, { returnSequences: true, dropout: 0.1 }),
      layers.Bidirectional(layers.GRU(3, { returnSequences: true })),
      layers.TimeDistributed(layers.Dense(4, { activation: 'relu' })),
      layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)]),
      layers.Dense(1),
    ]);
    model.compile({ optimizer: 'rmsprop', loss: 'mse' });
    const [x, y] = [grid([20, 6, 3]), grid([20, 1], 131)];
    const { history } = await model.fit(x, y, { epochs: 3, batchSize: 8, shuffle: false, verbose: 0 });
    return { model, history, inputs: x };
  },

  async encoder_decoder() {
    const [source, target] = [Input([5, 3], { name: 'source' }), Input([4, 2], { name: 'target' })];
    const encoder = layers.LSTM(4, { returnState: true, name: 'encoder' });
    const [, h, c] = encoder(source) as unknown as [never, never, never];
    const decoder = layers.LSTM(4, { returnSequences: true, name: 'decoder' });
    const model = Model([source, target], layers.Dense(2)(decoder(target, { initialState: [h, c] })));
    model.compile({ optimizer: 'adam', loss: 'mse' });
    const xs = [grid([12, 5, 3]), grid([12, 4, 2], 53)] as const;
    const y = grid([12, 4, 2], 131);
    const { history } = await model.fit(xs as never, y, { epochs: 3, batchSize: 5, shuffle: false, verbose: 0 });
    return { model, history, inputs: xs };
  },

  async transformer() {
    const x = Input([8], { dtype: 'int32' });
    let h = layers.Embedding(20, 8)(x);
    for (let block = 0; block < 2; block++) {
      const attended = layers.MultiHeadAttention(2, 4, { dropout: 0.1, useBias: false })(h, h, { useCausalMask: true });
      h = layers.LayerNormalization()(layers.Add()([h, attended]));
      const fed = layers.Dense(8)(layers.Dense(16, { activation: 'gelu' })(h));
      h = layers.LayerNormalization()(layers.Add()([h, fed]));
    }
    const model = Model(x, layers.Dense(20)(h));
    model.compile({ optimizer: 'adam', loss: losses.SparseCategoricalCrossentropy({ fromLogits: true }) });
    const [data, target] = [tokens([12, 8], 20), tokens([12, 8], 20, 7717)];
    const { history } = await model.fit(data, target, { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 });
    return { model, history, inputs: data };
  },
  async long_attention() {
    const x = Input([40], { dtype: 'int32' });
    let h = layers.Embedding(20, 8, { maskZero: true })(x);
    for (let block = 0; block < 2; block++) {
      const attended = layers.GroupQueryAttention(4, 4, 2, { useBias: false })(h, h, { useCausalMask: true });
      h = layers.LayerNormalization()(layers.Add()([h, attended]));
    }
    const model = Model(x, layers.Dense(20)(h));
    model.compile({ optimizer: 'adam', loss: losses.SparseCategoricalCrossentropy({ fromLogits: true }) });
    const [data, target] = [tokens([6, 40], 20), tokens([6, 40], 20, 7717)];
    const { history } = await model.fit(data, target, { epochs: 3, batchSize: 3, shuffle: false, verbose: 0 });
    return { model, history, inputs: data };
  },
};

afterEach(() => setTextStream(undefined));

test('every golden has its case', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(trainingCases).sort());
});

onDevices('as Keras on JAX', () => {
  beforeEach(() => {
    clearSession();
    setRandomSeed(11);
  });

  test.each(Object.keys(cases))('%s', async (title) => {
    const golden = trainingCases[title]!;
    const { model, history, inputs, evaluate, epochs } = await cases[title]!();
    const trained = model as AnyModel;
    expect(Object.keys(history).sort()).toEqual(Object.keys(golden.history).sort());
    for (const [key, values] of Object.entries(golden.history))
      expect(distance(history[key]!, values), key).toBeLessThan(1e-5);
    if (golden.evaluate !== undefined) {
      expect(Object.keys(evaluate!).sort()).toEqual(Object.keys(golden.evaluate).sort());
      for (const [key, value] of Object.entries(golden.evaluate)) expect(evaluate![key], key).toBeCloseTo(value, 5);
    }
    if (golden.epochs !== undefined) expect(epochs).toEqual(golden.epochs);
    if (golden.layers !== undefined) expect(trained.layers.map((layer) => layer.name)).toEqual(golden.layers);
    expect(trained.weights.map(({ path }) => path)).toEqual(Object.keys(golden.weights));
    for (const weight of trained.weights) {
      expect(
        distance((await weight.value.data()) as Float32Array, golden.weights[weight.path]!),
        weight.path,
      ).toBeLessThan(1e-5);
    }
    const outputs = flatten<Tensor>(await trained.predict(inputs as never)).filter(isTensor);
    const predicted = await Promise.all(
      outputs.map(async (output) => Array.from((await output.data()) as Float32Array)),
    );
    expect(distance(predicted.flat(), golden.prediction)).toBeLessThan(1e-5);
    if (golden.summary !== undefined) {
      setTextStream({ write: () => true, columns: 80 });
      expect(trained.summary()).toBe(golden.summary);
    }
  });
});
