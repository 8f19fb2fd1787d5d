/** The README's program, with a handful of samples: what a page that trains ships. */

import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import '@ceratops/backend-cpu';

/** Not at the top level: bundlers put shared code into the entry, and a chunk cannot import an entry that waits for it. */
async function main() {
  const x = new Float32Array(16 * 28 * 28).map((_, i) => (i % 7) / 7);
  const y = new Int32Array(16).map((_, i) => i % 10);

  const model = keras.Sequential([
    keras.Input([28, 28, 1]),
    layers.Conv2D(32, 3, { activation: 'relu' }),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, { activation: 'relu' }),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(10, { activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'adam', loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] });
  const { history } = await model.fit(x, y, { epochs: 1, batchSize: 8, validationSplit: 0.25 });
  const p = await model.predict(x);
  globalThis.__result = { loss: history.loss[0], shape: p.shape, values: await p.data() };
}

globalThis.__done = main();
