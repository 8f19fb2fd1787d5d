/** A page whose calls need one late chunk or another. Bundled; each step can be called again after it failed. */
import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import '@ceratops/backend-cpu';

const x = Float32Array.from({ length: 32 }, (_, i) => Math.sin(i));
const y = Float32Array.from({ length: 8 }, (_, i) => i % 2);

export function makeSteps(): Readonly<Record<string, () => Promise<unknown>>> {
  keras.utils.setRandomSeed(7);
  const model = keras.Sequential([
    keras.Input([4]),
    layers.Dense(3, { activation: 'gelu' }),
    layers.Dense(3, { activation: 'tanh', kernelInitializer: 'he_normal' }),
    layers.Dense(1, { activation: 'sigmoid' }),
  ]);
  model.compile({ optimizer: 'adam', loss: 'binary_crossentropy', metrics: ['mae'] });
  const sorted = keras.ops.sort(keras.ops.erf(keras.ops.convertToTensor(x)));
  const config = JSON.stringify(keras.saving.serializeKerasObject(model));
  return {
    fit: async () => (await model.fit(x, y, { epochs: 2, batchSize: 4, shuffle: false })).history,
    sort: async () => Array.from((await sorted.data()) as Float32Array),
    evaluate: async () => model.evaluate(x, y, { verbose: 0 }),
    predict: async () => (await model.predict(x)).array(),
    weights: async () => Promise.all((await model.getWeights()).map((weight) => weight.array())),
    save: async () => {
      const again = await keras.saving.loadModel(await model.toBytes());
      return (await again.predict(x)).array();
    },
    reopen: async () => (await keras.saving.modelFromJson(config)).countParams(),
  };
}
