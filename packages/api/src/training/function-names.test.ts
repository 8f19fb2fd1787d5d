/** Built-in losses and metrics given as functions: the names that logs and files have of them are Keras'. */

import { describe, expect, it, test } from 'vitest';
import { isDefinedClass } from '../engine/define.js';
import { Input } from '../engine/input.js';
import { Sequential } from '../engine/sequential.js';
import { Dense } from '../layers/index.js';
import * as losses from '../losses/index.js';
import * as metrics from '../metrics/index.js';
import { snake } from '../ops/support.js';
import { deserializeKerasObject } from '../saving/deserialize.js';
import { serializeKerasObject } from '../saving/serialize.js';
import { grid } from '../test-support/goldens.js';

const functionsOf = (exports: object): [string, () => unknown][] =>
  Object.entries(exports).filter(
    ([name, value]) => typeof value === 'function' && !isDefinedClass(value) && /^[a-z]/.test(name),
  ) as [string, () => unknown][];

const all = [...functionsOf(losses), ...functionsOf(metrics)];
const x = grid([8, 3]);
const y = grid([8, 1], 131);
const quiet = { verbose: 0, shuffle: false, epochs: 1 } as const;
/** Keras 3.15.1 writes a function so. */
const written = (name: string) => ({
  module: 'builtins',
  class_name: 'function',
  config: name,
  registered_name: 'function',
});

function compiled(): Sequential {
  const model = Sequential([Input([3]), Dense(1, { activation: 'sigmoid', kernelInitializer: 'ones' })]);
  model.compile({
    optimizer: 'sgd',
    loss: losses.binaryCrossentropy,
    metrics: [metrics.binaryAccuracy, losses.cosineSimilarity, losses.huber],
  });
  return model;
}

test.each(all)('%s is called as in Keras', (exported, fn) => {
  expect(fn.name).toBe(snake(exported));
});

test('there are functions to look at', () => {
  expect(all.length).toBeGreaterThanOrEqual(23);
});

describe('a model compiled with functions', () => {
  const names = ['binary_accuracy', 'cosine_similarity', 'huber', 'loss'];

  it('logs them by name', async () => {
    const { history } = await compiled().fit(x, y, quiet);
    expect(Object.keys(history)).toEqual(names);
  });

  it('writes them as Keras does', () => {
    expect(compiled().getCompileConfig()).toMatchObject({
      loss: written('binary_crossentropy'),
      metrics: [written('binary_accuracy'), written('cosine_similarity'), written('huber')],
    });
  });

  it('computes the same when it comes from its config', async () => {
    const model = compiled();
    const json = serializeKerasObject(model) as { compile_config: object };
    const again = deserializeKerasObject(json as never) as Sequential;
    await again.compileFromConfig(json.compile_config as never);
    again.setWeights(model.getWeights());
    const expected = await model.evaluate(x, y, { verbose: 0 });
    expect(Object.keys(expected)).toEqual(names);
    expect(await again.evaluate(x, y, { verbose: 0 })).toEqual(expected);
  });
});

test.each([
  ['a loss function', () => new losses.LossFunctionWrapper((_, p) => p), /^<?loss_function_wrapper/],
  ['a metric function', () => new metrics.MeanMetricWrapper((_, p) => p), /^<?mean_metric_wrapper/],
])('%s without a name is called after a class that has its own', (_what, make, expected) => {
  expect(make().name).toMatch(expected);
  expect(Object.hasOwn(make().constructor, 'className')).toBe(true);
});
