/** Data and options that cannot be meant: refused where they are given, in words that help, before any weight changes. */

import { tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { expect, test } from 'vitest';
import { EarlyStopping, ModelCheckpoint } from '../callbacks/index.js';
import { Input } from '../engine/input.js';
import { Model } from '../engine/model.js';
import { Sequential } from '../engine/sequential.js';
import * as layers from '../layers/index.js';
import * as losses from '../losses/index.js';
import * as metrics from '../metrics/index.js';
import * as optimizers from '../optimizers/index.js';
import { onDevices } from '../test-support/devices.js';
import type { CompileOptions } from './compile.js';

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const y = [[0], [1], [1], [0]];
const quiet = { verbose: 0 } as const;

type Loose = {
  fit(...parameters: unknown[]): Promise<unknown>;
  evaluate(...parameters: unknown[]): Promise<unknown>;
  predict(...parameters: unknown[]): Promise<unknown>;
};

function xor(options: object = {}): Sequential & Loose {
  const model = Sequential([Input([2], { name: 'in' }), layers.Dense(3), layers.Dense(1, { name: 'out' })]);
  model.compile({ optimizer: 'sgd', loss: 'mse', ...options } as CompileOptions);
  return model as never;
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => 'nothing was thrown',
    (reason: unknown) => reason,
  );
  if (error instanceof CeratopsError) return `${error.code} ${error.message}`;
  throw error;
}

async function weightsOf(model: Sequential): Promise<unknown> {
  return Promise.all(model.getWeights().map((weight) => weight.array()));
}

/** What is given to `fit`, and what the error says. */
const badFits: readonly (readonly [string, readonly unknown[], RegExp])[] = [
  // shapes
  [
    'a size',
    [[[1, 2, 3]], [[1]], quiet],
    /^SHAPE.*input 'in' does not fit, expected shape \(None, 2\), received shape \(1, 3\)/,
  ],
  ['a rank', [[[[1, 2]]], [[1]], quiet], /^SHAPE.*expected shape \(None, 2\), received shape \(1, 1, 2\)/],
  ['one sample', [tensor([1, 2]), [[1]], quiet], /received shape \(2,\) — one sample needs a batch axis in front/],
  ['lengths', [x, [[1]], quiet], /^SHAPE.* y: different numbers of samples, expected 4 samples, as in x, received 1/],
  ['no samples', [[], [], quiet], /^SHAPE.* x: no samples/],
  [
    'a flat array',
    [new Float32Array(7), y, quiet],
    /x: the length does not fit, expected a multiple of 2 numbers.*received 7/,
  ],
  [
    'y of another width',
    [x, x, quiet],
    /^SHAPE.*loss 'mean_squared_error' of output 'out'.*y float32\(4, 2\), output float32\(4, 1\)/,
  ],
  [
    'rows of different lengths',
    [[[0, 0], [0]], y, quiet],
    /x\[1\]: nested arrays of different lengths, expected an array of 2.*received an array of 1/,
  ],
  [
    'deeper rows',
    [
      [
        [0, [0]],
        [0, 0],
      ],
      y,
      quiet,
    ],
    /x\[0\]\[1\]: nested arrays of different lengths/,
  ],
  [
    'a short sampleWeight',
    [x, y, { ...quiet, sampleWeight: [1, 2] }],
    /sampleWeight: different numbers of samples, expected 4/,
  ],
  [
    'a short flat sampleWeight',
    [x, y, { ...quiet, sampleWeight: new Float32Array(3) }],
    /sampleWeight: the length does not fit, expected 4 numbers.*received 3/,
  ],
  ['a sampleWeight per feature', [x, y, { ...quiet, sampleWeight: x }], /^SHAPE.*loss .*sampleWeight float32\(4, 2\)/],
  [
    'validation of another shape',
    [x, y, { ...quiet, validationData: [[[1, 2, 3]], [[1]]] }],
    /^SHAPE.*expected shape \(None, 2\)/,
  ],
  [
    'validation targets of another shape',
    [x, y, { ...quiet, validationData: [x, x] }],
    /^SHAPE.*loss .*larger than the output.*y float32\(1, 2\)/,
  ],
  // what is not numbers
  ['text', ['data', y, quiet], /^INVALID.* x: not data, .*received 'data'/],
  ['text inside', [[['a', 'b']], [[1]], quiet], /x\[0\]\[0\]: not data.*received 'a'/],
  ['classes by name', [x, ['cat', 'dog', 'cat', 'dog'], quiet], /y\[0\]: not data.*received 'cat'/],
  ['null inside', [[[0, null]], [[1]], quiet], /x\[0\]\[1\]: not data.*received null/],
  [
    'a hole',
    [
      [
        [0, 1],
        [0, undefined],
      ],
      y,
      quiet,
    ],
    /x\[1\]\[1\]: not data.*received undefined/,
  ],
  [
    'numbers and booleans',
    [[[0, true]], [[1]], quiet],
    /^DTYPE.* x\[0\]\[1\]: elements of different kinds, expected number, received boolean/,
  ],
  ['records', [[{ a: 1, b: 2 }], [[1]], quiet], /x\[0\]: not data.*received \{"a":1,"b":2\}/],
  ['a promise', [Promise.resolve(x), y, quiet], /x: not data.*received a promise, which somebody has to await/],
  ['a list of tensors', [[tensor([0, 0])], [[1]], quiet], /received shape \(2,\)/],
  [
    'several tensors',
    [[tensor([0, 0]), tensor([0, 1])], [[1], [2]], quiet],
    /x\[0\]: not data.*join a list of tensors with ops\.stack/,
  ],
  ['nothing', [], /x: not data.*received undefined/],
  // missing parts
  ['no y', [x], /^INVALID.*there are no targets, expected y, since compile\(\) names a loss, received x alone/],
  ['options instead of y', [x, quiet], /fit: options where y goes, expected fit\(x, y, \{ … \}\)/],
  ['an input by a wrong name', [{ inn: x }, y, quiet], /x: 'in' is missing, expected in, received inn/],
  ['an output by a wrong name', [x, { outt: y }, quiet], /y: 'out' is missing, expected out, received outt/],
  // options
  ['batchSize 0', [x, y, { ...quiet, batchSize: 0 }], /fit: bad batchSize, expected a positive integer, received 0/],
  ['a fractional batchSize', [x, y, { ...quiet, batchSize: 1.5 }], /fit: bad batchSize/],
  ['epochs 0', [x, y, { ...quiet, epochs: 0 }], /fit: bad epochs, expected a positive integer, received 0/],
  ['epochs as text', [x, y, { ...quiet, epochs: '5' }], /fit: bad epochs.*received '5'/],
  ['epochs by position', [x, y, 5], /fit: bad options, expected fit\(x, y, \{ … \}\), received 5/],
  ['initialEpoch -1', [x, y, { ...quiet, initialEpoch: -1 }], /fit: bad initialEpoch, expected an integer ≥ 0/],
  ['validationSplit 1.5', [x, y, { ...quiet, validationSplit: 1.5 }], /fit: bad validationSplit.*received 1\.5/],
  [
    'validationData as a record',
    [x, y, { ...quiet, validationData: { x, y } }],
    /fit: bad validationData, expected \[x, y\]/,
  ],
  ['stepsPerEpoch 0', [x, y, { ...quiet, stepsPerEpoch: 0 }], /fit: bad stepsPerEpoch/],
  ['verbose 3', [x, y, { verbose: 3 }], /fit: bad verbose, expected 0, 1, 2 or 'auto', received 3/],
  ['shuffle as text', [x, y, { ...quiet, shuffle: 'yes' }], /fit: bad shuffle/],
  [
    'a controller as signal',
    [x, y, { ...quiet, signal: new AbortController() }],
    /fit: bad signal.*controller\.signal/,
  ],
  ['classWeight by name', [x, y, { ...quiet, classWeight: { cat: 1 } }], /fit: bad classWeight.*received \{"cat":1\}/],
  [
    'classWeight beside sampleWeight',
    [x, y, { ...quiet, classWeight: { 0: 1 }, sampleWeight: [1, 1, 1, 1] }],
    /exclude each other/,
  ],
  [
    "Python's batch_size",
    [x, y, { ...quiet, batch_size: 2 }],
    /fit: unknown option 'batch_size', expected one of.*did you mean 'batchSize'/,
  ],
  ['a typo', [x, y, { ...quiet, epoch: 2 }], /fit: unknown option 'epoch'.*did you mean 'epochs'/],
  // callbacks
  [
    'a function as callback',
    [x, y, { ...quiet, callbacks: () => {} }],
    /callbacks: bad callback, expected objects with hooks/,
  ],
  [
    'a callback class',
    [x, y, { ...quiet, callbacks: [EarlyStopping] }],
    /received the class EarlyStopping — write EarlyStopping\(\)/,
  ],
  [
    'a hook with a typo',
    [x, y, { ...quiet, callbacks: { onEpochend() {} } }],
    /there is no hook 'onEpochend' — did you mean 'onEpochEnd'/,
  ],
  [
    "Python's hook",
    [x, y, { ...quiet, callbacks: { on_epoch_end() {} } }],
    /there is no hook 'on_epoch_end' — did you mean 'onEpochEnd'/,
  ],
  // datasets
  [
    'a batch of four parts',
    [() => [[x, y, y, y]], quiet],
    /dataset: bad batch, expected \[x\], \[x, y\] or \[x, y, sampleWeight\]/,
  ],
  ['a dataset that is empty', [() => [], quiet], /dataset: it is empty, expected at least one batch/],
  ['a function that gives no batches', [() => 5, quiet], /dataset: the function gave no batches.*received 5/],
  ['batchSize with a dataset', [() => [[x, y]], { ...quiet, batchSize: 2 }], /'batchSize' does not go with a dataset/],
  ['y with a dataset', [() => [[x, y]], y, quiet], /a dataset brings its own targets/],
  ['samples as batches', [() => [[x[0], y[0]]], quiet], /one sample needs a batch axis/],
];

/** What is given to `compile`, and what it or `fit` says. */
const badCompiles: readonly (readonly [string, unknown, RegExp])[] = [
  [
    'an unknown loss',
    { loss: 'binary_crossentropi' },
    /^UNKNOWN.*unknown loss 'binary_crossentropi' — did you mean 'binary_crossentropy'/,
  ],
  ['a loss like no other', { loss: 'zzzzzz' }, /unknown loss 'zzzzzz', expected one of .*mean_squared_error/],
  [
    'an unknown optimizer',
    { optimizer: 'adm' },
    /^UNKNOWN.*unknown optimizer 'adm', expected one of .*did you mean 'adam'/,
  ],
  ['an unknown metric', { metrics: ['acuracy'] }, /^UNKNOWN.*unknown metric 'acuracy' — did you mean 'accuracy'/],
  [
    'a loss class',
    { loss: losses.MeanSquaredError },
    /bad loss.*received the class MeanSquaredError — write MeanSquaredError\(\)/,
  ],
  ['a metric class', { metrics: [metrics.AUC] }, /bad metric.*the class AUC — write AUC\(\)/],
  ['an optimizer class', { optimizer: optimizers.Adam }, /bad optimizer.*the class Adam — write Adam\(\)/],
  ['a learning rate as optimizer', { optimizer: 0.01 }, /bad optimizer.*optimizers\.Adam\(0\.01\)/],
  ['an optimizer like no other', { optimizer: {} }, /bad optimizer, expected a name or an optimizer, received \{\}/],
  ['a metric without a list', { metrics: 'accuracy' }, /metrics: not a list, expected a list, as in \['accuracy'\]/],
  ['an unknown option', { metric: ['accuracy'] }, /unknown option 'metric', expected one of.*did you mean 'metrics'/],
  [
    'two losses for one output',
    { loss: ['mse', 'mse'] },
    /loss: wrong number, expected 1, one for each output: out, received 2/,
  ],
  [
    'a loss for no output',
    { loss: { other: 'mse' } },
    /loss: there is no output 'other', expected out, received other/,
  ],
  ['a loss that returns no tensor', { loss: () => 3 }, /the function returned no tensor.*received 3/],
  ['a loss that waits', { loss: async () => tensor([1]) }, /the function returned no tensor.*received a promise/],
  ['stepsPerExecution 0', { stepsPerExecution: 0 }, /bad stepsPerExecution, expected a positive integer/],
  ['no loss at all', { loss: null }, /^INVALID_STATE.*there is no loss to train on — call model\.compile/],
];

onDevices('what cannot be meant', () => {
  test.each(badFits)('fit: %s', async (_name, parameters, message) => {
    const model = xor();
    const before = await weightsOf(model);
    expect(await refusal(model.fit(...parameters))).toMatch(message);
    expect(await weightsOf(model)).toEqual(before);
    await model.fit(x, y, quiet);
    expect(await weightsOf(model)).not.toEqual(before);
  });

  test.each(badCompiles)('compile: %s', async (_name, options, message) => {
    const model = xor();
    const before = await weightsOf(model);
    const compileAndFit = async (): Promise<unknown> => {
      model.compile({ loss: 'mse', ...(options as object) });
      return model.fit(x, y, quiet);
    };
    expect(await refusal(compileAndFit())).toMatch(message);
    expect(await weightsOf(model)).toEqual(before);
  });

  test('evaluate and predict look as closely', async () => {
    const model = xor();
    expect(await refusal(model.evaluate(x))).toMatch(/there are no targets/);
    expect(await refusal(model.evaluate(x, y, { epochs: 1 }))).toMatch(/evaluate: unknown option 'epochs'/);
    expect(await refusal(model.predict([0, 1]))).toMatch(/one sample needs a batch axis/);
    expect(await refusal(model.predict(x, 4))).toMatch(
      /predict: bad options, expected predict\(x, \{ … \}\), received 4/,
    );
    expect(await refusal(model.predict(x, { batch_size: 2 }))).toMatch(/did you mean 'batchSize'/);
  });

  test('what comes too early', async () => {
    const bare = Sequential([Input([2]), layers.Dense(1)]);
    expect(await refusal(bare.fit(x, y))).toMatch(/^INVALID_STATE fit of model .*not compiled — call model\.compile/);
    expect(await refusal(bare.evaluate(x, y))).toMatch(/not compiled/);
    const empty = Sequential();
    empty.compile({ loss: 'mse' });
    expect(await refusal(empty.fit(x, y, quiet))).toMatch(/has no layers — call model\.add/);
    const model = xor();
    const first = model.fit(x, y, quiet);
    expect(await refusal(model.fit(x, y, quiet))).toMatch(/^INVALID_STATE.*fit is running already — await the first/);
    await first;
  });

  test('a generator that is used up says how to start it anew', async () => {
    function* batches(): Generator<[unknown, unknown]> {
      yield [x, y];
    }
    expect(await refusal(xor().fit(batches(), { ...quiet, epochs: 2 }))).toMatch(
      /epoch 2.*ran out of data.*fresh generator/,
    );
  });
});

onDevices('what people try first', () => {
  test('rows as typed arrays, flat plain targets, one typed array a sample', async () => {
    const model = xor();
    await model.fit(
      x.map((row) => Float32Array.from(row)),
      [0, 1, 1, 0],
      quiet,
    );
    const single = (await model.predict(Float32Array.of(0, 1))) as { shape: readonly number[] };
    expect(single.shape).toEqual([1, 1]);
  });

  test('batches from functions, generators, async generators and promises of lists', async () => {
    async function* later(): AsyncGenerator<[unknown, unknown]> {
      yield [x, y];
      yield [x, y];
    }
    for (const dataset of [() => [[x, y]], later(), () => later(), async () => [[x, y]]]) {
      const history = (await xor().fit(dataset, quiet)) as { history: { loss: number[] } };
      expect(history.history.loss).toHaveLength(1);
    }
  });

  test('records go by name: of the record or of the inputs', async () => {
    const [a, b] = [Input([2], { name: 'first' }), Input([1], { name: 'second' })];
    const out = layers.Dense(1)(layers.Concatenate()([a, b]));
    // The names of the inputs sort the other way round than the keys.
    const model = Model({ z: a, y: b }, { sum: out }) as unknown as Loose & { compile(options: object): void };
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const flip = (await model.predict({ second: y, first: x })) as { sum: { array(): Promise<unknown> } };
    const keys = (await model.predict({ z: x, y })) as typeof flip;
    expect(await flip.sum.array()).toEqual(await keys.sum.array());
    await model.fit({ z: x, y }, { sum: y }, quiet);
    for (const wrong of [{ z: x, yy: y }, { z: x }, { z: x, y, more: y }])
      expect(await refusal(model.fit(wrong, { sum: y }, quiet))).toMatch(/x: wrong names, expected z, y, received z/);
    expect(await refusal(model.fit({ z: x, y }, { summ: y }, quiet))).toMatch(/no output 'summ', expected sum/);
  });

  test('callbacks read their options as layers do', () => {
    expect(EarlyStopping('loss').monitor).toBe('loss');
    expect(EarlyStopping({ monitor: 'accuracy' }).monitor).toBe('accuracy');
    expect(() => EarlyStopping({ restore_best_weights: true } as never)).toThrow(/did you mean 'restoreBestWeights'/);
    expect(() => EarlyStopping({ patience: -1 })).toThrow(
      /bad argument 'patience', expected an integer ≥ 0, received -1/,
    );
    expect(() => EarlyStopping({ mode: 'up' as never })).toThrow(/expected 'auto' or 'min' or 'max', received 'up'/);
    expect(() => (ModelCheckpoint as (path?: string) => unknown)()).toThrow(/missing argument 'filepath'/);
    expect(() => ModelCheckpoint('model.h5')).toThrow(/expected a name that ends in \.keras/);
    expect(() => ModelCheckpoint('m.keras', { saveFreq: 0 })).toThrow(/an integer ≥ 1, received 0/);
  });
});
