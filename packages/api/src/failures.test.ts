/** What the surroundings can do wrong: no backend, one that lacks an op, too little memory, a lost device, an abort. */

import { closeBackend, getBackend, setBackend, useBackend } from '@ceratops/core';
import {
  type Backend,
  CeratopsError,
  type OpQuery,
  type QueryAnswer,
  registerBackend,
} from '@ceratops/kernel-registry';
import { evaluateProgram } from '@ceratops/kernel-registry/evaluator';
import { type FakeRemote, fakeRemoteFactory, LocalDevice, referenceBackend } from '@ceratops/kernel-registry/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallbackLike } from './callbacks/callback.js';
import { Input } from './engine/input.js';
import { setRandomSeed } from './engine/random-state.js';
import { Sequential } from './engine/sequential.js';
import * as layers from './layers/index.js';
import { ones } from './ops/index.js';
import { onDevices } from './test-support/devices.js';
import { grid } from './test-support/goldens.js';

beforeEach(() => setRandomSeed(5));
afterEach(closeBackend);

const quiet = { verbose: 0, shuffle: false, batchSize: 4 } as const;

function small(): Sequential {
  const model = Sequential([Input([3]), layers.Dense(2, { activation: 'tanh' }), layers.Dense(1)]);
  model.compile({ optimizer: 'adam', loss: 'mse' });
  return model;
}

const fit = (model: Sequential, options: object = {}): Promise<unknown> =>
  model.fit(grid([12, 3]), grid([12, 1], 131), { ...quiet, ...options });

async function rejection(promise: Promise<unknown>): Promise<CeratopsError> {
  const error: unknown = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (error instanceof CeratopsError) return error;
  throw error;
}

async function weightsOf(model: Sequential): Promise<unknown> {
  return Promise.all(model.getWeights().map((weight) => weight.array()));
}

/** The reference backend with other answers to `query`. */
function answering(query: (question: OpQuery, usual: QueryAnswer) => QueryAnswer): Backend {
  const device = referenceBackend();
  return new Proxy<Backend>(device, {
    get: (_, name) => {
      if (name === 'query') return (question: OpQuery) => query(question, device.query(question));
      const value = Reflect.get(device, name) as unknown;
      return typeof value === 'function' ? value.bind(device) : value;
    },
  });
}

describe('backends', () => {
  test('an unknown one lists the near ones, an official one its install command', async () => {
    expect((await rejection(setBackend('webgp'))).message).toMatch(/webgp: no such backend.*did you mean 'webgpu'/);
    const missing = await rejection(setBackend('webgpu'));
    expect(missing.code).toBe('NO_BACKEND');
    expect(missing.message).toContain("npm install @ceratops/backend-webgpu, then import '@ceratops/backend-webgpu'");
  });

  test('an op that the backend lacks is one error, before any weight changes', async () => {
    const refused = { kind: 'unsupported', reason: 'no such unit' } as const;
    useBackend(answering(({ op }, usual) => (op === 'tanh' ? refused : usual)));
    const model = small();
    const error = await rejection(fit(model));
    expect(error.code).toBe('UNSUPPORTED');
    expect(error.message).toMatch(/^train step of .*tanh\(float32\[4,2\]\).*no such unit/);
    expect(error.message.split(' — ')).toHaveLength(2);
    const evaluating = await rejection(model.evaluate(grid([4, 3]), grid([4, 1]), { verbose: 0 }));
    expect(evaluating.message).toMatch(/^test step of .*no such unit/);
    const predicting = await rejection(model.predict(grid([4, 3])).then((result) => result.data()));
    expect(predicting.message).toMatch(/^prediction of [^:]*: backend reference cannot run tanh/);
    expect(predicting.message.split(' — ')).toHaveLength(2);
  });
});

describe('a device that fails', () => {
  /** The reference device, whose next runs of training steps fail. */
  function dying(): { backend: Backend; kill(steps: number): void } {
    let doomed = 0;
    const backend = new LocalDevice({
      name: 'dying',
      synchronousReads: true,
      run: (program, inputs) => {
        if (program.name.startsWith('train') && doomed-- > 0)
          throw new CeratopsError('EXECUTION_FAILED', 'a worker thread died');
        return evaluateProgram(program, inputs);
      },
    });
    return { backend, kill: (steps) => void (doomed = steps) };
  }

  test('a step that fails rejects fit; the next fit works, from the weights before', async () => {
    const { backend, kill } = dying();
    useBackend(backend);
    const model = small();
    await fit(model);
    const before = await weightsOf(model);
    kill(3);
    expect((await rejection(fit(model))).message).toMatch(/a worker thread died/);
    expect(await weightsOf(model)).toEqual(before);
    kill(0);
    await fit(model);
    expect(await weightsOf(model)).not.toEqual(before);
  });

  test('trainOnBatch too', async () => {
    const { backend, kill } = dying();
    useBackend(backend);
    const model = small();
    await fit(model);
    const before = await weightsOf(model);
    kill(1);
    const step = (): Promise<unknown> => model.trainOnBatch(grid([4, 3]), grid([4, 1], 131));
    expect((await rejection(step())).code).toBe('EXECUTION_FAILED');
    expect(await weightsOf(model)).toEqual(before);
    await step();
    expect(await weightsOf(model)).not.toEqual(before);
  });

  test('a connection that goes away rejects what is pending; the next call has another, and what went with the old says so', async () => {
    registerBackend(fakeRemoteFactory);
    await setBackend('fake-remote');
    const model = small();
    await fit(model);
    const weights = model.getWeights().map((weight) => ones(weight.shape));
    const cut: CallbackLike = {
      onTrainBatchBegin: (batch) => void (batch === 2 && (getBackend() as FakeRemote).disconnect()),
    };
    expect((await rejection(fit(model, { callbacks: cut }))).code).toBe('DEVICE_LOST');
    const another = small();
    await fit(another);
    expect((await rejection(fit(model))).message).toMatch(/^variable .*: its value is lost: the connection is gone/);
    model.setWeights(weights);
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    await fit(model);
    expect(await model.predict(grid([2, 3])).then((result) => result.data())).toHaveLength(2);
  });
});

describe('the CPU backend', async () => {
  const name = '@ceratops/backend-cpu';
  const { createCpuBackend } = (await import(name)) as {
    readonly createCpuBackend: (options: object) => Promise<Backend>;
  };

  test('out of memory: the pending call rejects and says what to do, the next one works', async () => {
    useBackend(await createCpuBackend({ memoryLimitBytes: 4_000_000, threads: 1 }));
    const model = small();
    const big = model.predict(ones([500_000, 3]), { batchSize: 500_000 }).then((result) => result.data());
    const error = await rejection(big);
    expect(error.code).toBe('OUT_OF_MEMORY');
    expect(error.message).toMatch(/memoryLimitBytes/);
    const before = await weightsOf(model);
    const bigFit = model.fit(ones([300_000, 3]), ones([300_000, 1]), { ...quiet, batchSize: 300_000 });
    expect((await rejection(bigFit)).code).toBe('OUT_OF_MEMORY');
    expect(await weightsOf(model)).toEqual(before);
    await fit(model);
    expect(await weightsOf(model)).not.toEqual(before);
    expect((await model.predict(grid([2, 3]))).shape).toEqual([2, 1]);
  });
});

onDevices('an aborted fit', () => {
  test('has the weights of the last whole step, and goes on from there', async () => {
    const controller = new AbortController();
    const whole: unknown[] = [];
    const model = small();
    const record: CallbackLike = {
      onTrainBatchEnd: async (batch) => {
        whole.push(await weightsOf(model));
        if (batch === 1) controller.abort('enough');
      },
    };
    const error = await rejection(fit(model, { callbacks: record, signal: controller.signal, epochs: 3 }));
    expect([error.code, error.cause]).toEqual(['ABORTED', 'enough']);
    expect(whole).toHaveLength(2);
    expect(await weightsOf(model)).toEqual(whole[1]);
    await fit(model);
    expect(await weightsOf(model)).not.toEqual(whole[1]);
  });

  test('with a signal that had fired before changes nothing', async () => {
    const model = small();
    const before = await weightsOf(model);
    expect((await rejection(fit(model, { signal: AbortSignal.abort() }))).code).toBe('ABORTED');
    expect(await weightsOf(model)).toEqual(before);
  });
});
