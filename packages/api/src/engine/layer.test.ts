import { type Tensor, tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as layers from '../layers/index.js';
import { add } from '../ops/arithmetic.js';
import { deserializeKerasObject, serializeKerasObject } from '../saving/index.js';
import { onDevices } from '../test-support/devices.js';
import { Linear } from '../test-support/linear.js';
import { clearSession } from './clear-session.js';
import { define } from './define.js';
import { Input } from './input.js';
import { type CallOptions, Layer } from './layer.js';
import { Model } from './model.js';
import { Sequential } from './sequential.js';

beforeEach(() => {
  clearSession();
});

const x = () => tensor([[1, 2, 3]]);

function errorOf(body: () => unknown): CeratopsError {
  try {
    body();
  } catch (error) {
    if (error instanceof CeratopsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

onDevices('layers and models', () => {
  describe('callable classes', () => {
    test('work with and without new, and are their class', () => {
      for (const layer of [Linear(2), new Linear(2)]) {
        expect(layer).toBeInstanceOf(Linear);
        expect(layer).toBeInstanceOf(Layer);
        expect(typeof layer).toBe('function');
        expect(layer.units).toBe(2);
      }
    });

    test('call computes', async () => {
      expect(await Linear(2)(x()).array()).toEqual([[6, 6]]);
    });

    test('take nested arrays and typed arrays', async () => {
      expect(
        await Linear(1)([
          [1, 2],
          [3, 4],
        ] as unknown as Tensor).array(),
      ).toEqual([[3], [7]]);
    });

    test('subclasses run their own call through super', async () => {
      class Doubled extends (Linear as unknown as typeof Layer) {
        override call(inputs: Tensor, options: CallOptions): Tensor {
          const y = super.call(inputs, options);
          return add(y, y);
        }
      }
      const layer = new (Doubled as unknown as new (units: number) => Linear)(1);
      expect(layer).toBeInstanceOf(Linear);
      expect(await layer(x()).array()).toEqual([[12]]);
      expect(layer.name).toBe('doubled');
    });

    test('a #private call that was compiled down still invokes', async () => {
      const inner = Linear(2);
      const outer = Linear(1);
      const compiledDown = inner.call as unknown as (this: unknown, owner: unknown, inputs: Tensor) => Tensor;
      expect(await compiledDown.call(inner, outer, x()).array()).toEqual([[6, 6]]);
      expect(inner.built).toBe(true);
    });
  });

  describe('arguments', () => {
    test('names are given as Keras gives them', () => {
      expect([Linear(1), Linear(1), Linear(1)].map(({ name }) => name)).toEqual(['linear', 'linear_1', 'linear_2']);
      expect(Linear(1, { name: 'mine' }).name).toBe('mine');
    });

    test('the first defaulted one may be positional, no more', () => {
      expect((Linear as unknown as (...parameters: unknown[]) => Linear)(2, true).useBias).toBe(true);
      const error = errorOf(() => (Linear as unknown as (...parameters: unknown[]) => Linear)(2, true, 3));
      expect(error.message).toContain('Linear: too many positional arguments, expected at most units, useBias');
    });

    test('unknown options list the near names', () => {
      const error = errorOf(() => Linear(2, { useBais: true } as never));
      expect(error.code).toBe('INVALID_ARGUMENT');
      expect(error.message).toContain("unknown option 'useBais'");
      expect(error.remedy).toContain('useBias');
    });

    test('bad values say what was expected', () => {
      expect(errorOf(() => Linear(0)).message).toBe(
        "Linear: bad argument 'units', expected an integer ≥ 1, received 0",
      );
      expect(errorOf(() => (Linear as unknown as () => Linear)()).message).toBe("Linear: missing argument 'units'");
    });
  });

  describe('misuse', () => {
    test('useState(model) and operators say what to write', () => {
      const layer = Linear(2);
      for (const argument of [undefined, null, Linear(1)]) {
        expect(errorOf(() => layer(argument as never)).remedy).toContain('useState(() => model)');
      }
      for (const value of [Input([3]), layer]) {
        const number = value as never as number;
        for (const use of [() => number + 1, () => number * 2, () => +number, () => number < 1]) {
          expect(errorOf(use).remedy).toContain('ops.add');
        }
        expect(`${value}`).toBe(value.toString());
      }
    });

    test('a class without () in a Sequential', () => {
      expect(errorOf(() => Sequential([Linear as never])).remedy).toBe('write Linear()');
    });

    test('wrong shapes name the layer, before anything is built', () => {
      const layer = Linear(2, { name: 'd' });
      layer(x());
      const error = errorOf(() => layer(tensor([[1, 2]])));
      expect(error.code).toBe('SHAPE_MISMATCH');
      expect(error.message).toBe(
        "layer 'd' (Linear): the input does not fit, expected size 3 on axis -1, received shape (1, 2)",
      );
    });

    test('a layer in a #private field must be tracked', async () => {
      class Hidden extends Layer {
        #inner = Linear(1);
        override call(inputs: Tensor): Tensor {
          return this.#inner(inputs);
        }
      }
      expect(errorOf(() => new Hidden()(x())).remedy).toContain('this.track(');
      class Tracked extends Layer {
        #inner = this.track(Linear(1));
        override call(inputs: Tensor): Tensor {
          return this.#inner(inputs);
        }
      }
      const tracked = new Tracked();
      expect(await tracked(x()).array()).toEqual([[6]]);
      expect(tracked.weights).toHaveLength(1);
    });
  });

  describe('state', () => {
    test('weights of sublayers in fields, lists and records, with their paths', () => {
      class Block extends Layer {
        readonly first = Linear(2);
        readonly rest = [Linear(2), Linear(1)];
        readonly named = { head: Linear(1, { useBias: true }) };
        override call(inputs: Tensor): Tensor {
          return this.named.head(this.rest.reduce((y, layer) => layer(y), this.first(inputs)));
        }
      }
      const block = new Block();
      block(x());
      expect(block.weights.map(({ path }) => path)).toEqual([
        'block/linear/kernel',
        'block/linear_1/kernel',
        'block/linear_2/kernel',
        'block/linear_3/kernel',
        'block/linear_3/bias',
      ]);
      expect(block.countParams()).toBe(6 + 4 + 2 + 1 + 1);
      block.trainable = false;
      expect(block.trainableWeights).toEqual([]);
      expect(block.nonTrainableWeights).toHaveLength(5);
    });

    test('setWeights checks all before it changes any', async () => {
      const layer = Linear(1, { useBias: true });
      layer(x());
      expect(() => layer.setWeights([tensor([[9], [9], [9]]), tensor([1, 2])])).toThrow(/linear\/bias/);
      expect(await layer.kernel!.value.array()).toEqual([[1], [1], [1]]);
      layer.setWeights([[[9], [9], [9]], [1]]);
      expect(await layer(x()).array()).toEqual([[55]]);
    });

    test('weights cannot be added once built', () => {
      const layer = Linear(1);
      layer(x());
      expect(errorOf(() => layer.addWeight({ name: 'late' })).code).toBe('INVALID_STATE');
    });

    test('build by the user opens the scope and marks as built', () => {
      const layer = Linear(2, { name: 'd' });
      layer.build([null, 3]);
      expect(layer.built).toBe(true);
      expect(layer.path).toBe('d');
      expect(layer.weights[0]!.path).toBe('d/kernel');
    });
  });

  describe('configs', () => {
    test('a table gives config and back', () => {
      const json = serializeKerasObject(Linear(3, { useBias: true, name: 'a', trainable: false }));
      expect(json).toEqual({
        module: null,
        class_name: 'Linear',
        registered_name: 'test>Linear',
        config: {
          name: 'a',
          trainable: false,
          dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null },
          units: 3,
          use_bias: true,
        },
      });
      const again = deserializeKerasObject(json) as Linear;
      expect([again.units, again.useBias, again.name, again.trainable]).toEqual([3, true, 'a', false]);
    });

    test('constructor arguments of a defined class are captured', () => {
      const Scale = define(
        'Scale',
        class extends Layer {
          readonly factor: number;
          constructor(factor: number) {
            super();
            this.factor = factor;
          }
          override call(inputs: Tensor): Tensor {
            return inputs;
          }
        },
      );
      const again = deserializeKerasObject(serializeKerasObject(Scale(4))) as InstanceType<typeof Scale>;
      expect(again.factor).toBe(4);
      expect(again.name).toBe('scale');
    });

    test('a bare subclass must say its name', () => {
      class Bare extends (Linear as unknown as typeof Layer) {}
      const error = errorOf(() => serializeKerasObject(new (Bare as unknown as new (units: number) => Layer)(1)));
      expect(error.remedy).toContain("define('Bare', class …)");
    });

    test('unknown classes list the near names', () => {
      expect(errorOf(() => deserializeKerasObject({ class_name: 'Lineer', config: {} })).remedy).toContain("'Linear'");
    });
  });

  describe('models', () => {
    test('functional: shared layers, several inputs, ops', async () => {
      const a = Input([3], { name: 'a' });
      const b = Input([3], { name: 'b' });
      const shared = Linear(2);
      const y = add(shared(a), shared(b));
      expect(y.shape).toEqual([null, 2]);
      const model = Model([a, b], y);
      const out = await model([x(), tensor([[1, 1, 1]])]).array();
      expect(out).toEqual([[9, 9]]);
      expect(await model({ b: tensor([[1, 1, 1]]), a: x() } as unknown as [Tensor, Tensor]).array()).toEqual([[9, 9]]);
      expect(model.weights).toHaveLength(1);
      expect(model.name).toBe('functional');
      expect(model.getLayer('linear')).toBe(shared);
      expect(errorOf(() => model.getLayer('liner')).remedy).toContain("'linear'");
    });

    test('functional: wrong inputs name the input', () => {
      const a = Input([3], { name: 'a' });
      const model = Model(a, Linear(1)(a));
      const error = errorOf(() => model(tensor([[1, 2]])));
      expect(error.message).toBe(
        "model 'functional': input 'a' does not fit, expected shape (None, 3), received shape (1, 2)",
      );
    });

    test('functional: config and back, nested', async () => {
      const a = Input([3]);
      const inner = Model(a, Linear(2)(a), { name: 'inner' });
      const b = Input([3]);
      const model = Model({ b }, { y: add(inner(b), inner(b)) });
      const again = deserializeKerasObject(serializeKerasObject(model)) as typeof model;
      expect(await again({ b: x() }).y.array()).toEqual([[12, 12]]);
      expect(again.layers.map(({ name }) => name)).toEqual(model.layers.map(({ name }) => name));
    });

    test('functional: models between intermediate tensors share layers', async () => {
      const a = Input([3]);
      const first = Linear(2);
      const second = Linear(1);
      const h = first(a);
      const y = second(h);
      const tail = Model(h, y);
      expect(await tail(tensor([[1, 2]])).array()).toEqual([[3]]);
      expect(tail.weights).toEqual(second.weights);
    });

    test('unconnected outputs are an error', () => {
      expect(errorOf(() => Model(Input([3]), Linear(1)(Input([3])))).message).toContain(
        "does not come from the model's inputs",
      );
    });

    test('sequential: built at once with an Input, by the first call without', async () => {
      const eager = Sequential([Input([3]), Linear(2), Linear(1)]);
      expect(eager.built).toBe(true);
      expect(eager.outputShape).toEqual([null, 1]);
      expect(eager.weights.map(({ path }) => path)).toEqual(['sequential/linear/kernel', 'sequential/linear_1/kernel']);
      const lazy = Sequential([Linear(2), Linear(1)]);
      expect(lazy.built).toBe(false);
      expect(await lazy(x()).array()).toEqual([[12]]);
      expect(
        await lazy(
          tensor([
            [1, 2, 3],
            [0, 0, 1],
          ]),
        ).array(),
      ).toEqual([[12], [2]]);
      lazy.add(Linear(3));
      expect(await lazy(x()).array()).toEqual([[12, 12, 12]]);
      const again = deserializeKerasObject(serializeKerasObject(lazy)) as typeof lazy;
      expect(again.layers.map(({ name }) => name)).toEqual(lazy.layers.map(({ name }) => name));
    });

    test('subclassed: sublayers are built by the first call', async () => {
      class Net extends Model {
        readonly head = Linear(1);
        override call(inputs: Tensor): Tensor {
          return add(this.head(inputs), 1);
        }
      }
      const net = new Net();
      expect(await net(x()).array()).toEqual([[7]]);
      expect(net.layers).toEqual([net.head]);
      expect(net.weights[0]!.path).toBe('net/linear/kernel');
      const symbolic = new Net()(Input([3]));
      expect(symbolic.shape).toEqual([null, 1]);
    });
  });

  test('a layer that ends masks says so once, not at each trace', async () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const model = Sequential([
      Input([3]),
      layers.Embedding(4, 2, { maskZero: true }),
      layers.Flatten({ name: 'flat' }),
    ]);
    await model.predict(tensor([1, 2, 0], { shape: [1, 3] }));
    await model.predict(tensor([1, 2, 0, 3, 0, 0], { shape: [2, 3] }));
    expect(said.mock.calls.map(([text]) => text)).toEqual([
      "layer 'flat' (Flatten) does not support masks: the mask of its input ends here",
    ]);
    said.mockRestore();
  });

  test('an error inside call names the innermost layer, its inputs and the op', () => {
    class Wrong extends Layer {
      override call(inputs: Tensor): Tensor {
        return add(inputs, tensor([1, 2, 3, 4, 5]));
      }
    }
    const model = Sequential([new Wrong({ name: 'w' }) as never], { name: 'm' });
    const error = errorOf(() => model(tensor([[1, 2, 3]])));
    expect(error.code).toBe('SHAPE_MISMATCH');
    expect(error.message).toMatch(/^layer 'w' \(Wrong\): .*called on float32\(1, 3\)\), expected .*, received .*/);
  });

  describe('masks and dtypes', () => {
    test('a mask travels beside its tensor, through layers that hand it on', async () => {
      let seen: unknown;
      class Probe extends Layer {
        override call(inputs: Tensor, { mask }: CallOptions): Tensor {
          seen = mask;
          return inputs;
        }
      }
      class Pass extends Layer {
        override get supportsMasking(): boolean {
          return true;
        }
        override call(inputs: Tensor): Tensor {
          return add(inputs, 1);
        }
      }
      const ids = Input([3], { dtype: 'int32' });
      const model = Model(ids, new Probe()(new Pass()(layers.Embedding(5, 2, { maskZero: true })(ids))));
      model(tensor([[1, 0, 2]], { dtype: 'int32' }));
      expect(await (seen as Tensor).array()).toEqual([[true, false, true]]);
    });

    test('a mixed policy computes in one dtype and keeps its weights in another', () => {
      const layer = Linear(2, { dtype: 'mixed_bfloat16', useBias: true });
      expect(layer(x()).dtype).toBe('bfloat16');
      expect(layer(Input([3])).dtype).toBe('bfloat16');
      expect(layer.weights.map(({ dtype }) => dtype)).toEqual(['float32', 'float32']);
      expect(layer.kernel!.value.dtype).toBe('float32');
      expect(errorOf(() => Linear(2, { dtype: 'mixed_bfloat17' })).remedy).toContain("'mixed_bfloat16'");
    });

    test('training reaches nested layers, and the nearest flag wins', () => {
      const seen: unknown[] = [];
      class Probe extends Layer {
        override call(inputs: Tensor, { training }: CallOptions): Tensor {
          seen.push(training);
          return inputs;
        }
      }
      class Outer extends Layer {
        readonly a = new Probe();
        readonly b = new Probe();
        override call(inputs: Tensor): Tensor {
          return this.b(this.a(inputs), { training: false });
        }
      }
      const outer = new Outer();
      outer(x());
      outer(x(), { training: true });
      expect(seen).toEqual([false, false, true, false]);
    });
  });
});
