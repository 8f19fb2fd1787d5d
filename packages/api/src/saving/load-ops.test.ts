/** Nothing here imports an op, so that loading must: see loadable-ops.ts. */

import { expect, it } from 'vitest';
import type { Config } from '../engine/table.js';
import { readGoldens } from '../test-support/golden-arrays.js';
import { modelFromJson } from './load-model.js';

const nodes = readGoldens<{ readonly name: string; readonly model?: Config }>('ops').filter(({ model }) => model);

it('loading brings every op that a file of Keras names', async () => {
  expect(nodes.length).toBeGreaterThan(200);
  for (const { name, model } of nodes) {
    const loaded = await modelFromJson(JSON.stringify(model));
    expect(loaded.outputs?.length, name).toBeGreaterThan(0);
  }
});

it('an option that an op lacks is refused unless it says nothing', async () => {
  const json = JSON.stringify(nodes.find(({ name }) => name === 'cumsum')!.model);
  await expect(modelFromJson(json.replace('"dtype":null', '"dtype":"int32"'))).rejects.toThrow(
    /Cumsum: there is no option 'dtype', expected dtype null, received "int32"/,
  );
});
