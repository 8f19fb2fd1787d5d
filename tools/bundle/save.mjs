/** Trains, saves and loads in a page, in every way that a page has. */

import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import '@ceratops/backend-cpu';

const x = Float32Array.from({ length: 16 * 4 }, (_, i) => Math.sin(i));
const y = Float32Array.from({ length: 16 }, (_, i) => i % 2);

async function trained() {
  const model = keras.Sequential([keras.Input([4]), layers.Dense(8, { activation: 'relu' }), layers.Dense(1)]);
  model.compile({ optimizer: 'adam', loss: 'mse' });
  const { history } = await model.fit(x, y, { epochs: 2, verbose: 0 });
  return { model, loss: history.loss[0] };
}

async function predictions(model) {
  const p = await model.predict(x, { verbose: 0 });
  return [...(await p.data())];
}

const failure = (error) => `${error.code} ${error.message}`;

async function main() {
  const { model, loss } = await trained();
  const bytes = await model.toBytes();
  const weights = await model.weightsToBytes();
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle('small.keras', { create: true });
  await model.save(handle);
  await model.saveWeights('small.weights.h5');

  const { model: other } = await trained();
  await other.loadWeights(weights);
  const loaded = {
    bytes: await keras.saving.loadModel(bytes),
    file: await keras.saving.loadModel(new File([bytes], 'small.keras')),
    handle: await keras.saving.loadModel(handle),
    url: await keras.saving.loadModel(URL.createObjectURL(new Blob([bytes]))),
    weights: other,
  };
  const found = {};
  for (const [from, restored] of Object.entries(loaded)) found[from] = await predictions(restored);
  globalThis.__result = {
    loss,
    shape: [16, 1],
    missing: await keras.saving.loadModel('models/missing.keras').catch(failure),
    expected: await predictions(model),
    found,
    bytes: [...bytes],
  };
}

globalThis.__done = main().catch((error) => {
  globalThis.__result = { failed: String(error?.stack ?? error) };
});
