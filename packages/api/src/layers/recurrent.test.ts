/** State that outlives a call, cells of one's own, and what recurrent layers say about wrong input. */

import { jit, type Tensor, tensor } from '@ceratops/core';
import { slice } from '@ceratops/core/primitives';
import { isCeratopsError } from '@ceratops/kernel-registry';
import { expect, it } from 'vitest';
import { Input } from '../engine/input.js';
import { type CallOptions, Layer } from '../engine/layer.js';
import { Sequential } from '../engine/sequential.js';
import { add, multiply, ones } from '../ops/common.js';
import { onDevices } from '../test-support/devices.js';
import { expectClose, type GoldenArray, readGoldens, toTensor } from '../test-support/golden-arrays.js';
import * as layers from './index.js';

interface Golden {
  readonly name: string;
  readonly input: GoldenArray;
  readonly weights: readonly GoldenArray[];
  readonly outputs: readonly GoldenArray[];
}

const golden = readGoldens<Golden>('recurrent').find(({ name }) => name === 'LSTM')!;

function caught(body: () => unknown): { code: string; message: string } {
  try {
    body();
  } catch (error) {
    if (isCeratopsError(error)) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

/** running' = running · decay + x, a cell without weights. */
class Leaky extends Layer<Tensor, layers.CellResult> {
  readonly stateSize: number;

  constructor(stateSize: number) {
    super();
    this.stateSize = stateSize;
  }

  override call(x: Tensor, { states }: layers.CellOptions): layers.CellResult {
    const next = add(multiply(states[0] as Tensor, 0.5), x);
    return [next, [next]];
  }
}

it("accepts Keras' useCudnn, which is no part of a config", () => {
  for (const useCudnn of ['auto', false] as const) {
    expect(layers.LSTM(3, { useCudnn }).useCudnn).toBe(useCudnn);
    expect(layers.GRU(3, { useCudnn }).getConfig()).not.toHaveProperty('use_cudnn');
  }
});

onDevices('recurrent layers', () => {
  it('drop all of their inputs at a rate of 1, but those with gates nothing, as in Keras', async () => {
    const x = ones([2, 3, 4]);
    const simple = layers.SimpleRNN(3, { dropout: 1, biasInitializer: 'ones' });
    expect(await simple(x, { training: true }).data()).toEqual(await simple(multiply(x, 0)).data());
    for (const gated of [layers.LSTM(3, { dropout: 1 }), layers.GRU(3, { dropout: 1 })])
      expect(await gated(x, { training: true }).data()).toEqual(await gated(x).data());
  });

  it('that are stateful go on where the batch before ended, traced or not', async () => {
    const lstm = layers.LSTM(3, { stateful: true });
    lstm.build(golden.input.shape);
    lstm.setWeights(golden.weights.map(toTensor));
    const x = toTensor(golden.input);
    const [batch, time, features] = x.shape as [number, number, number];
    const part = (from: number, to: number): Tensor => slice(x, [0, from, 0], [batch, to, features]);
    const call = jit((input: Tensor) => lstm(input));
    lstm(part(0, 2));
    await expectClose(call(part(2, time)), golden.outputs[0]!, 'second half');
    lstm.resetState();
    await expectClose(call(x), golden.outputs[0]!, 'after a reset');
    expect(lstm.weights).toHaveLength(3);
  });

  it('that are stateful keep their states through fit and predict', async () => {
    const model = Sequential([
      Input({ batchShape: [2, 3, 1] }),
      layers.RNN(new Leaky(1), { stateful: true, name: 'leaky' }),
      layers.Dense(1, { kernelInitializer: 'zeros' }),
    ]);
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const x = ones([2, 3, 1]);
    await model.fit(x, ones([2, 1]), { batchSize: 2, epochs: 1, shuffle: false, verbose: 0 });
    const states = (): Promise<unknown> =>
      (model.getLayer('leaky') as unknown as layers.RNN).$states![0]!.value.array();
    // 1 + ½ + ¼, then the same again after half of it three times.
    expect(await states()).toEqual([[1.75], [1.75]]);
    await model.predict(x, { batchSize: 2, verbose: 0 });
    expect(await states()).toEqual([[1.96875], [1.96875]]);
  });

  it('run cells of anyone', async () => {
    const layer = layers.RNN(new Leaky(2), { returnSequences: true, returnState: true });
    const [outputs, state] = layer(
      tensor([
        [
          [1, 2],
          [1, 2],
        ],
      ]),
    ) as unknown as [Tensor, Tensor];
    expect(await outputs.array()).toEqual([
      [
        [1, 2],
        [1.5, 3],
      ],
    ]);
    expect(await state.array()).toEqual([[1.5, 3]]);
  });
});

it('wrong input is named', () => {
  const x = ones([2, 5, 3]);
  const fails = (body: () => unknown, code: string, text: RegExp): void => {
    const error = caught(body);
    expect(error.message).toMatch(text);
    expect(error.code).toBe(code);
  };
  const mask = tensor([[1, 1, 1]], { dtype: 'bool' });
  fails(() => layers.LSTM(4)(x, { mask }), 'SHAPE_MISMATCH', /the mask does not fit the sequences.*\[2, 5\].*\[1, 3\]/);
  fails(() => layers.GRU(4)(ones([2, 5])), 'SHAPE_MISMATCH', /GRU.*rank 3.*\(2, 5\)/);
  fails(
    () => layers.GRU(4, { stateful: true })(Input([5, 3])),
    'SHAPE_MISMATCH',
    /stateful layer needs to know the batch size/,
  );
  const stateful = layers.GRU(4, { stateful: true });
  stateful(x);
  fails(
    () => stateful(ones([3, 5, 3])),
    'SHAPE_MISMATCH',
    /states do not fit the batch.*\[3, 4\].*\[2, 4\].*batches of one size/,
  );
  const initialState = [ones([2, 3])];
  fails(() => layers.GRU(4)(x, { initialState }), 'SHAPE_MISMATCH', /states do not fit the batch.*\[2, 4\].*\[2, 3\]/);
  fails(() => layers.RNN(layers.Dense(3) as never), 'INVALID_ARGUMENT', /not a cell.*stateSize/);
  fails(() => layers.LSTM(0), 'INVALID_ARGUMENT', /units/);
  fails(() => layers.Bidirectional(layers.LSTM(2), { mergeMode: 'max' as never }), 'INVALID_ARGUMENT', /merge_mode/);
  const same = { backwardLayer: layers.LSTM(2) };
  fails(() => layers.Bidirectional(layers.LSTM(2), same), 'INVALID_ARGUMENT', /run in the same direction/);
  fails(() => layers.TimeDistributed(layers.Dense(2))(x, { mask }), 'SHAPE_MISMATCH', /mask does not fit/);
  class Growing extends Leaky {
    override call(given: Tensor, options: layers.CellOptions & CallOptions): layers.CellResult {
      const [output] = super.call(given, options);
      return [output, [ones([2, 7])]];
    }
  }
  fails(
    () => layers.RNN(new Growing(3))(x),
    'INVALID_ARGUMENT',
    /carry 0 changes its type.*float32\[2,3\].*float32\[2,7\]/,
  );
});
