/** Trains, saves, reloads and compares, in whichever runtime it is started. */

import * as keras from '@ceratops/api';
import * as layers from '@ceratops/api/layers';
import '@ceratops/backend-cpu';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const x = Float32Array.from({ length: 32 * 4 }, (_, i) => Math.sin(i));
const y = Float32Array.from({ length: 32 }, (_, i) => i % 2);
const model = keras.Sequential([keras.Input([4]), layers.Dense(8, { activation: 'relu' }), layers.Dense(1)]);
model.compile({ optimizer: 'adam', loss: 'mse' });
await model.fit(x, y, { epochs: 2, verbose: 0 });
const folder = mkdtempSync(join(tmpdir(), 'ceratops-runtime-'));
try {
  const path = join(folder, 'model.keras');
  await model.save(path);
  const again = await keras.saving.loadModel(path);
  const before = await (await model.predict(x, { verbose: 0 })).data();
  const after = await (await again.predict(x, { verbose: 0 })).data();
  const same = before.length === 32 && before.every((value, i) => value === after[i]);
  console.log(`same predictions: ${same}`);
} finally {
  rmSync(folder, { recursive: true });
}
