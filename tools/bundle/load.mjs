/** Opens a model whose layers this program never names. */

import * as keras from '@ceratops/api';
import '@ceratops/backend-cpu';

/** @type {[string, Record<string, unknown>][]} */
const stack = [
  ['InputLayer', { batch_shape: [null, 8, 8, 2], dtype: 'float32' }],
  ['Rescaling', { scale: 2, offset: 0 }],
  ['Conv2D', { filters: 4, kernel_size: [3, 3] }],
  ['BatchNormalization', {}],
  ['DepthwiseConv2D', { kernel_size: [3, 3] }],
  ['MaxPooling2D', { pool_size: [2, 2] }],
  ['Permute', { dims: [2, 1, 3] }],
  ['ReLU', {}],
  ['Flatten', {}],
  ['LayerNormalization', {}],
  ['Dense', { units: 3, activation: 'softmax' }],
];
async function main() {
  const layers = stack.map(([name, config]) => ({
    module: 'keras.layers',
    class_name: name,
    config,
    registered_name: null,
  }));
  const json = JSON.stringify({ module: 'keras', class_name: 'Sequential', config: { name: 'loaded', layers } });
  const model = await keras.saving.modelFromJson(json);
  const { shape } = await model.predict(new Float32Array(128), { verbose: 0 });
  globalThis.__result = { loss: 0, shape, note: `layers ${model.layers.length}` };
}

globalThis.__done = main();
