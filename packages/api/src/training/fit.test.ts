import { type Tensor, tensor, useBackend } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { type FakeRemote, fakeRemoteBackend } from '@ceratops/kernel-registry/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CallbackLike } from '../callbacks/callback.js';
import { LambdaCallback, TerminateOnNaN } from '../callbacks/index.js';
import { clearSession } from '../engine/clear-session.js';
import { Input } from '../engine/input.js';
import { type CallOptions, Layer } from '../engine/layer.js';
import { type LossParts, Model } from '../engine/model.js';
import { setRandomSeed } from '../engine/random-state.js';
import { Sequential } from '../engine/sequential.js';
import * as layers from '../layers/index.js';
import { abs, add, mean, subtract } from '../ops/index.js';
import { onDevices } from '../test-support/devices.js';
import { grid, gridData } from '../test-support/goldens.js';
import { setTextStream } from '../utils/output.js';

beforeEach(() => {
  clearSession();
  setRandomSeed(3);
  setTextStream(undefined);
});

const quiet = { verbose: 0, shuffle: false } as const;

function linear(): Sequential {
  const model = Sequential([Input([3]), layers.Dense(1)]);
  model.compile({ optimizer: 'sgd', loss: 'mse' });
  return model;
}

const x = () => grid([12, 3]);
const y = () => grid([12, 1], 131);

async function rejection(promise: Promise<unknown>): Promise<CeratopsError> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (error instanceof CeratopsError) return error;
  throw error;
}

async function numbers(tensors: readonly Tensor[]): Promise<number[]> {
  const arrays = await Promise.all(tensors.map(async (value) => Array.from((await value.data()) as Float32Array)));
  return arrays.flat();
}

onDevices('training', () => {
  describe('data', () => {
    test('XOR as everyone types it', async () => {
      const model = Sequential([Input([2]), layers.Dense(4, { activation: 'tanh' }), layers.Dense(1)]);
      model.compile({ optimizer: 'adam', loss: 'mse' });
      const { history } = await model.fit(
        [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ],
        [[0], [1], [1], [0]],
        { epochs: 2, ...quiet },
      );
      expect(history.loss).toHaveLength(2);
    });

    test('tensors, typed arrays, nested arrays, records and generators give the same', async () => {
      const [flatX, flatY] = [gridData([12, 3]), gridData([12, 1], 131)];
      const nested = Array.from({ length: 12 }, (_, i) => Array.from(flatX.subarray(i * 3, i * 3 + 3)));
      function* batches(): Generator<[Tensor, Tensor]> {
        for (let i = 0; i < 12; i += 4) {
          yield [
            tensor(flatX.slice(i * 3, (i + 4) * 3), { shape: [4, 3] }),
            tensor(flatY.slice(i, i + 4), { shape: [4, 1] }),
          ];
        }
      }
      const forms: readonly ((model: Sequential) => Promise<{ history: Record<string, number[]> }>)[] = [
        (model) => model.fit(x(), y(), { epochs: 2, batchSize: 4, ...quiet }),
        (model) => model.fit(flatX, flatY, { epochs: 2, batchSize: 4, ...quiet }),
        (model) => model.fit(nested, Array.from(flatY), { epochs: 2, batchSize: 4, ...quiet }),
        (model) =>
          model
            .fit({ [model.layers[0]!.name]: x() } as never, y(), { epochs: 2, batchSize: 4, ...quiet })
            .catch(() => model.fit({ [model.inputs![0]!.name]: x() }, y(), { epochs: 2, batchSize: 4, ...quiet })),
        (model) => model.fit(() => batches(), { epochs: 2, verbose: 0 }),
        (model) =>
          model.fit(
            async function* () {
              yield* batches();
            },
            { epochs: 2, verbose: 0 },
          ),
      ];
      const losses: number[][] = [];
      for (const form of forms) {
        setRandomSeed(3);
        losses.push((await form(linear())).history.loss!);
      }
      for (const loss of losses) expect(loss).toEqual(losses[0]);
    });

    test('bad data is refused before any weight changes', async () => {
      const model = linear();
      const before = await numbers(model.getWeights());
      const wrong: readonly [() => Promise<unknown>, string, RegExp][] = [
        [
          () => model.fit(grid([12, 4]), y(), quiet),
          'SHAPE_MISMATCH',
          /model 'sequential'.*expected shape \(None, 3\), received shape \(12, 4\)/,
        ],
        [
          () => model.fit(x(), grid([11, 1]), quiet),
          'SHAPE_MISMATCH',
          /y: different numbers of samples, expected 12 samples, as in x, received 11/,
        ],
        [
          () => model.fit(new Float32Array(35), y(), quiet),
          'SHAPE_MISMATCH',
          /x: the length does not fit, expected a multiple of 3 numbers.*received 35/,
        ],
        [
          () =>
            model.fit(
              [
                [1, 2, 3],
                [1, 2],
              ],
              [1, 2],
              quiet,
            ),
          'SHAPE_MISMATCH',
          /different lengths/,
        ],
        [() => model.fit(x(), y(), { ...quiet, batchSize: 0 }), 'INVALID_ARGUMENT', /batchSize/],
        [() => model.fit(x(), y(), { ...quiet, validationSplit: 1 }), 'INVALID_ARGUMENT', /validationSplit/],
        [() => model.fit('data' as never, y(), quiet), 'INVALID_ARGUMENT', /x: not data/],
      ];
      for (const [body, code, message] of wrong) {
        const error = await rejection(body());
        expect(error.message).toMatch(message);
        expect(error.code).toBe(code);
      }
      expect(await numbers(model.getWeights())).toEqual(before);
    });

    test('a wrong number of inputs names them', async () => {
      const [a, b] = [Input([3], { name: 'a' }), Input([3], { name: 'b' })];
      const model = Model([a, b], layers.Add()([a, b]));
      model.compile({ loss: 'mse' });
      expect((await rejection(model.fit([x()] as never, x(), quiet))).message).toBe(
        'x: wrong number of arrays, expected 2: a, b, received 1',
      );
      expect((await rejection(model.fit({ a: x() }, x(), quiet))).message).toMatch(/x: 'b' is missing/);
    });
  });

  describe('compile', () => {
    test('fit before compile says so', async () => {
      const error = await rejection(Sequential([Input([3]), layers.Dense(1)]).fit(x(), y()));
      expect(error.code).toBe('INVALID_STATE');
      expect(error.remedy).toContain('model.compile(');
    });

    test('unknown names list the near ones', async () => {
      for (const options of [
        { loss: 'means_squared_error' },
        { loss: 'mse', metrics: ['acuracy'] },
        { loss: 'mse', optimizer: 'adan' },
      ]) {
        const model = Sequential([Input([3]), layers.Dense(1)]);
        model.compile(options as never);
        const error = await rejection(model.fit(x(), y(), quiet));
        expect(error.code).toBe('UNKNOWN_NAME');
        expect(error.remedy).toMatch(/did you mean/);
      }
    });

    test('plain functions as loss and metric', async () => {
      const model = Sequential([Input([3]), layers.Dense(1)]);
      const distance = (yTrue: Tensor, yPred: Tensor): Tensor => mean(abs(subtract(yTrue, yPred)), -1);
      model.compile({ optimizer: 'sgd', loss: distance, metrics: [distance] });
      const { history } = await model.fit(x(), y(), { ...quiet });
      expect(history.distance![0]).toBeCloseTo(history.loss![0]!, 6);
    });
  });

  describe('the loop', () => {
    test('hooks are called in order and awaited; plain objects will do', async () => {
      const calls: string[] = [];
      const slow: CallbackLike = {
        onEpochEnd: async (epoch, logs) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          calls.push(`end ${epoch} ${Object.keys(logs).join()}`);
        },
        onTrainBatchEnd: (batch, { loss }) => void calls.push(`batch ${batch} ${Number.isFinite(loss)}`),
      };
      const first = LambdaCallback({
        onTrainBegin: () => void calls.push('begin'),
        onTrainEnd: () => void calls.push('over'),
        onEpochBegin: (epoch) => void calls.push(`epoch ${epoch}`),
      });
      await linear().fit(x(), y(), { ...quiet, epochs: 2, batchSize: 6, callbacks: [first, slow] });
      expect(calls).toEqual([
        'begin',
        'epoch 0',
        'batch 0 true',
        'batch 1 true',
        'end 0 loss',
        'epoch 1',
        'batch 0 true',
        'batch 1 true',
        'end 1 loss',
        'over',
      ]);
    });

    test('stopTraining ends it after the batch', async () => {
      const model = linear();
      let batches = 0;
      await model.fit(x(), y(), {
        ...quiet,
        epochs: 5,
        batchSize: 2,
        callbacks: {
          onTrainBatchEnd: (batch) => {
            batches++;
            if (batch === 2) model.stopTraining = true;
          },
        },
      });
      expect(batches).toBe(3);
    });

    test('TerminateOnNaN', async () => {
      const model = Sequential([Input([3]), layers.Dense(1)]);
      model.compile({ optimizer: 'sgd', loss: 'mse' });
      const broken = gridData([12, 1]);
      broken[5] = Number.NaN;
      const { epoch } = await model.fit(x(), broken, {
        ...quiet,
        epochs: 9,
        batchSize: 4,
        callbacks: TerminateOnNaN(),
      });
      expect(epoch).toEqual([0]);
      const again = model.fit(x(), broken, { ...quiet, callbacks: TerminateOnNaN({ raiseError: true }) });
      expect((await rejection(again)).code).toBe('EXECUTION_FAILED');
    });

    test('an aborted fit keeps the weights of the last whole step', async () => {
      const steps: number[][] = [];
      const model = linear();
      const controller = new AbortController();
      const record: CallbackLike = {
        onTrainBatchEnd: async (batch) => {
          steps.push(await numbers(model.getWeights()));
          if (batch === 1) controller.abort();
        },
      };
      const error = await rejection(
        model.fit(x(), y(), { ...quiet, batchSize: 3, callbacks: record, signal: controller.signal }),
      );
      expect(error.code).toBe('ABORTED');
      expect(steps).toHaveLength(2);
      expect(await numbers(model.getWeights())).toEqual(steps[1]);
    });

    test('the event loop gets turns', async () => {
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      const started = performance.now();
      await linear().fit(x(), y(), { ...quiet, epochs: 100, batchSize: 1 });
      clearInterval(timer);
      expect(turns).toBeGreaterThan((performance.now() - started) / 16 / 4);
    });

    test('nothing is read from the device inside an epoch', async () => {
      const remote: FakeRemote = fakeRemoteBackend() as FakeRemote;
      await useBackend(remote);
      const model = linear();
      const [data, target] = [gridData([12, 3]), gridData([12, 1], 131)];
      const reads: number[] = [];
      const count: CallbackLike = {
        onEpochBegin: () => void reads.push(remote.counters.reads),
        onTrainBatchBegin: () => void reads.push(remote.counters.reads),
      };
      await model.fit(data, target, { ...quiet, batchSize: 2, callbacks: count });
      expect(reads).toHaveLength(7);
      expect(new Set(reads).size).toBe(1);
    });

    test('runEagerly and stepsPerExecution change no number', async () => {
      const losses: number[][] = [];
      for (const options of [{}, { runEagerly: true }, { stepsPerExecution: 2 }]) {
        setRandomSeed(3);
        const model = Sequential([Input([3]), layers.Dense(2, { activation: 'relu' }), layers.Dense(1)]);
        model.compile({ optimizer: 'sgd', loss: 'mse', ...options });
        losses.push((await model.fit(x(), y(), { ...quiet, epochs: 2, batchSize: 5 })).history.loss!);
      }
      expect(losses[1]).toEqual(losses[0]);
      expect(losses[2]).toEqual(losses[0]);
    });

    test('validation every other epoch', async () => {
      const { history } = await linear().fit(x(), y(), {
        ...quiet,
        epochs: 4,
        validationData: [x(), y()],
        validationFreq: 2,
      });
      expect(history.val_loss).toHaveLength(2);
    });

    test('one line an epoch off a terminal, a bar on one', async () => {
      let text = '';
      setTextStream({ write: (piece) => (text += piece) });
      await linear().fit(x(), y(), { epochs: 2, batchSize: 4 });
      expect(text).toMatch(/^Epoch 1\/2\n3\/3 - \ds - .*\/step - loss: \d\.\d{4}\nEpoch 2\/2\n3\/3 - .*\n$/);
      text = '';
      setTextStream({ write: (piece) => (text += piece), isTTY: true });
      await linear().fit(x(), y(), { batchSize: 4 });
      expect(text).toContain('━━━━━━━━━━━━━━━━━━━━');
      expect(text.endsWith('\n')).toBe(true);
    });
  });

  describe('batches and predictions', () => {
    test('trainOnBatch is one step of fit', async () => {
      const fitted = linear();
      setRandomSeed(3);
      clearSession();
      const stepped = linear();
      await fitted.fit(x(), y(), { ...quiet, batchSize: 12 });
      const { loss } = await stepped.trainOnBatch(x(), y());
      expect(loss).toBe(fitted.history!.history.loss![0]);
      expect(await numbers(stepped.getWeights())).toEqual(await numbers(fitted.getWeights()));
      expect((await stepped.testOnBatch(x(), y())).loss).toBeTypeOf('number');
    });

    test('predict joins batches, the last one smaller, into the structure of the outputs', async () => {
      const a = Input([3], { name: 'a' });
      const model = Model(a, { one: layers.Dense(1)(a), two: layers.Dense(2)(a) });
      const whole = await model.predictOnBatch(x());
      const parts = await model.predict(x(), { batchSize: 5 });
      expect(parts.one.shape).toEqual([12, 1]);
      expect(parts.two.shape).toEqual([12, 2]);
      expect(await parts.two.array()).toEqual(await whole.two.array());
      expect(await model({ a: x() } as unknown as Tensor).one.array()).toEqual(await parts.one.array());
    });

    test('a subclassed model with addLoss trains, and is built by fit', async () => {
      class Net extends Model {
        readonly hidden = layers.Dense(4, { activation: 'relu' });
        readonly head = layers.Dense(1);
        override call(inputs: Tensor, _options: CallOptions): Tensor {
          const h = this.hidden(inputs);
          this.addLoss(mean(abs(h)));
          return this.head(h);
        }
      }
      const model = new Net();
      model.compile({ optimizer: 'sgd', loss: 'mse' });
      const { history } = await model.fit(x(), y(), { ...quiet, epochs: 3 });
      expect(model.weights.map(({ path }) => path)).toEqual([
        'net/dense/kernel',
        'net/dense/bias',
        'net/dense_1/kernel',
        'net/dense_1/bias',
      ]);
      expect(history.loss![2]).toBeLessThan(history.loss![0]!);
      expect(model).toBeInstanceOf(Layer);
    });

    test('computeLoss replaces or completes the compiled loss', async () => {
      class Net extends Model {
        readonly head = layers.Dense(1);
        override call(inputs: Tensor): Tensor {
          return this.head(inputs);
        }
        override computeLoss({ y: target, yPred, compiledLoss }: LossParts): Tensor {
          return add(compiledLoss(), mean(abs(subtract(target as Tensor, yPred as Tensor))));
        }
      }
      const model = new Net();
      model.compile({ optimizer: 'sgd', loss: 'mse', metrics: ['mse', 'mae'] });
      const logs = await model.evaluate(x(), y(), { verbose: 0 });
      expect(logs.loss).toBeCloseTo(logs.mse! + logs.mae!, 5);
    });

    test('frozen layers do not move', async () => {
      const model = Sequential([Input([3]), layers.Dense(2, { name: 'frozen' }), layers.Dense(1)]);
      model.getLayer('frozen').trainable = false;
      model.compile({ optimizer: 'sgd', loss: 'mse' });
      const before = await numbers(model.getLayer('frozen').getWeights());
      const head = await numbers(model.getLayer(1).getWeights());
      await model.fit(x(), y(), quiet);
      expect(await numbers(model.getLayer('frozen').getWeights())).toEqual(before);
      expect(await numbers(model.getLayer(1).getWeights())).not.toEqual(head);
    });
  });

  test('a mixed policy trains with weights in float32', async () => {
    const model = Sequential([
      Input([3]),
      layers.Dense(4, { activation: 'relu', dtype: 'mixed_bfloat16' }),
      layers.Dense(1, { dtype: 'mixed_bfloat16' }),
    ]);
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const { history } = await model.fit(x(), y(), { ...quiet, epochs: 8 });
    expect(history.loss!.at(-1)).toBeLessThan(history.loss![0]!);
    expect(model.weights.map(({ dtype }) => dtype)).toEqual(new Array(4).fill('float32'));
  });
});
