/** Lambda layers, with the form in which Keras 3.15.1 wrote them. */

import { type Tensor, tensor } from '@ceratops/core';
import { expect, it } from 'vitest';
import { Input } from '../engine/input.js';
import { maskOf, setMask } from '../engine/masks.js';
import { Model } from '../engine/model.js';
import { multiply } from '../ops/arithmetic.js';
import { modelFromJson } from '../saving/load-model.js';
import { serializeKerasObject } from '../saving/serialize.js';
import { onDevices } from '../test-support/devices.js';
import { withoutDefaults } from '../test-support/model-configs.js';
import { Lambda } from './lambda.js';

const lambda = (name: string, more: object, from: string): object => ({
  module: 'keras.layers',
  class_name: 'Lambda',
  config: {
    name,
    trainable: true,
    dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null },
    function: { module: 'builtins', class_name: 'function', config: 'twice', registered_name: 'function' },
    ...more,
  },
  registered_name: null,
  build_config: { input_shape: [null, 3] },
  name,
  inbound_nodes: [
    {
      args: [
        {
          class_name: '__keras_tensor__',
          config: { shape: [null, 3], dtype: 'float32', keras_history: [from, 0, 0] },
        },
      ],
      kwargs: { mask: null },
    },
  ],
});

/** What Keras writes of `Lambda(twice, output_shape=(3,), arguments={"factor": 3.0})(Lambda(twice)(Input((3,))))`. */
const written = {
  module: 'keras.src.models.functional',
  class_name: 'Functional',
  config: {
    name: 'functional',
    trainable: true,
    layers: [
      {
        module: 'keras.layers',
        class_name: 'InputLayer',
        config: {
          batch_shape: [null, 3],
          dtype: 'float32',
          sparse: false,
          ragged: false,
          name: 'input_layer',
          optional: false,
        },
        registered_name: null,
        name: 'input_layer',
        inbound_nodes: [],
      },
      lambda('lambda', { arguments: {} }, 'input_layer'),
      lambda('lambda_1', { output_shape: [3], arguments: { factor: 3 } }, 'lambda'),
    ],
    input_layers: ['input_layer', 0, 0],
    output_layers: ['lambda_1', 0, 0],
  },
  registered_name: 'Functional',
  build_config: { input_shape: null },
  compile_config: {},
};

function twice(x: Tensor, { factor = 2 }: { readonly factor?: number }): Tensor {
  return multiply(x, factor);
}

onDevices('Lambda', () => {
  it('is read from and written to files by the name of its function', async () => {
    const model = await modelFromJson(JSON.stringify(written), { twice });
    const output = model(tensor([[1, 2, -1]]) as never) as Tensor;
    expect(await output.array()).toEqual([[6, 12, -6]]);
    const saved = JSON.parse(JSON.stringify(serializeKerasObject(model))) as { config: unknown };
    expect(withoutDefaults(saved.config)).toEqual(withoutDefaults(written.config));
  });

  it('hands the function training and mask, and its mask on', async () => {
    const seen: unknown[] = [];
    const layer = Lambda(
      (x, { training, mask }) => {
        seen.push(training, mask);
        return multiply(x, 3);
      },
      { mask: (_, mask) => mask },
    );
    const x = tensor([[1], [2]]);
    const mask = tensor([true, false]);
    setMask(x, mask);
    const output = layer(x, { training: true });
    expect(await output.array()).toEqual([[3], [6]]);
    expect(seen).toEqual([true, mask]);
    expect(maskOf(output)).toBe(mask);
  });
});

it('finds shapes by tracing, or takes what it is told', () => {
  const input = Input([4, 2]);
  expect(
    Lambda(function half(x) {
      return multiply(x, 0.5);
    })(input).shape,
  ).toEqual([null, 4, 2]);
  expect(Lambda((x) => x, [7])(input).shape).toEqual([null, 7]);
  expect(Lambda((x) => x, { outputShape: () => [null, 5] })(input).shape).toEqual([null, 5]);
});

it('never runs code, and says what has no name', () => {
  const config = { ...(lambda('lambda', { arguments: {} }, '') as { config: object }).config };
  const { fromConfig } = Lambda as unknown as { fromConfig(config: object): unknown };
  const code = { class_name: '__lambda__', config: { code: 'x', defaults: null, closure: null } };
  expect(() => fromConfig.call(Lambda, { ...config, function: code })).toThrow(
    /'function' is a Python lambda.*customObjects/,
  );
  expect(() => fromConfig.call(Lambda, config)).toThrow(/twice/);
  const input = Input([2]);
  const model = Model(input, Lambda((x) => x)(input));
  expect(() => serializeKerasObject(model)).toThrow(/'function' has no name/);
  expect(() => Lambda(3 as never)).toThrow(/bad argument 'function', expected a function, received 3/);
});
