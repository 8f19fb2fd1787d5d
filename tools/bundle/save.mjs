/** Trains, saves and loads in a page, in every way that a page has. */

import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import '@ceratops/backend-cpu';

const x = Float32Array.from({ length: 16 * 4 }, (_, i) => Math.sin(i));
const y = Float32Array.from({ length: 16 }, (_, i) => i % 2);

async function values(model) {
  const p = await model.predict(x, { verbose: 0 });
  return [...(await p.data())];
}

async function trained() {
  const model = keras.Sequential([keras.Input([4]), layers.Dense(8, { activation: 'relu' }), layers.Dense(1)]);
  model.compile({ optimizer: 'adam', loss: 'mse' });
  await model.fit(x, y, { epochs: 2, verbose: 0 });
  return model;
}

async function main() {
  const model = await trained();
  const expected = await values(model);
  const bytes = await model.toBytes();
  const weights = await model.weightsToBytes();
  const again = await keras.saving.loadModel(new File([bytes], 'small.keras'));
  const other = await trained();
  await other.loadWeights(weights);
  globalThis.__result = { loss: 0, shape: [16, 1], expected, bytes: [...bytes], weights: [...weights] };
  globalThis.__result.again = await values(again);
  globalThis.__result.other = await values(other);
}

globalThis.__done = main().catch((error) => {
  globalThis.__result = { error: String(error?.stack ?? error) };
});
