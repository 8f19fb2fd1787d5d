import '@ceratops/backend-cpu';
import { setBackend } from '@ceratops/core';
import * as keras from '@ceratops/api';
const { layers } = keras;
const threads = Number(process.argv[2] ?? 1);
await setBackend('cpu', { threads });
keras.utils.setRandomSeed?.(1);
const model = keras.Sequential([keras.Input([50], {dtype:'int32'}), layers.Embedding(5000, 64), layers.LSTM(128), layers.Dense(2)]);
model.compile({ optimizer: 'adam', loss: keras.losses.SparseCategoricalCrossentropy({ fromLogits: true }) });
const n = 32 * 20;
const x = Int32Array.from({ length: n * 50 }, (_, i) => (i * 7919) % 5000);
const y = Int32Array.from({ length: n }, (_, i) => i % 2);
const X = keras.tensor ? keras.tensor(x, { shape: [n, 50] }) : x;
const Y = keras.tensor ? keras.tensor(y, { shape: [n] }) : y;
for (let i = 0; i < 6; i++) {
  const t = performance.now();
  await model.fit(X, Y, { epochs: 1, batchSize: 32, verbose: 0 });
  console.log('ms per step', ((performance.now() - t) / 20).toFixed(2));
}
