import { tensor } from '@ceratops/core';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { Input, Model, ops } from '../index.js';
import { onDevices } from '../test-support/devices.js';
import { loadModel, serializeKerasObject } from './index.js';

onDevices('constants of graphs', () => {
  it('are in files as Keras has them, and come back', async () => {
    const x = Input([2]);
    const scale = ops.add(tensor([1, 2]), tensor([0.5, 0]));
    const model = Model(x, ops.multiply(ops.add(x, tensor([[1, 2]])), scale));
    expect(() => serializeKerasObject(model)).toThrow(/constant of the graph/);
    const bytes = await model.toBytes();
    const config = JSON.parse(new TextDecoder().decode(unzipSync(bytes)['config.json'])).config;
    const constants = config.layers.flatMap((layer: { inbound_nodes: { args: unknown[] }[] }) =>
      layer.inbound_nodes.map(({ args }) => args[1]),
    );
    // The form that Keras 3.15.1 writes for NumPy arrays.
    expect(constants).toEqual([
      { class_name: '__numpy__', config: { value: [[1, 2]], dtype: 'float32' } },
      { class_name: '__numpy__', config: { value: [1.5, 2], dtype: 'float32' } },
    ]);
    const again = await loadModel(bytes);
    expect(await (await again.predict([[1, 1]] as never, { verbose: 0 })).array()).toEqual([[3, 6]]);
  });
});
