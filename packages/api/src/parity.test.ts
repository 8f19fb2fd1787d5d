/**
 * Random models trained in random ways, against Python Keras: see tools/goldens/parity.py. CERATOPS_PARITY names another
 * golden file, to look at more cases than the committed ones.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onDevices } from './test-support/devices.js';
import { withoutDefaults } from './test-support/model-configs.js';
import { type ParityCase, type Results, replay, unpack } from './test-support/parity.js';

const path = process.env.CERATOPS_PARITY ?? fileURLToPath(new URL('../goldens/parity.json.gz', import.meta.url));
const { keras, cases } = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as {
  readonly keras: string;
  readonly cases: readonly ParityCase[];
};

/** The largest difference, relative to the largest number of the reference. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [worst, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i]! - expected[i]!);
    worst = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(worst, off);
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return worst === 0 ? 0 : worst / scale;
}

function namesOf(results: Results): string {
  return results.map(([name]) => name).join(' ');
}

test('the goldens are of the Keras that we follow', () => {
  expect(keras).toBe('3.15.1');
  expect(cases.length).toBeGreaterThan(0);
});

onDevices('random models as in Keras on JAX', () => {
  beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));
  afterEach(() => void vi.restoreAllMocks());

  test.each(cases.map((parity) => [parity.name, parity] as const))('%s', async (_name, parity) => {
    const { expected } = parity;
    const actual = await replay(parity);
    expect(actual.paths).toEqual(expected.paths);
    for (const [i, values] of expected.initial.entries()) {
      expect(difference(actual.initial[i]!, unpack(values)), `initial ${expected.paths[i]}`).toBeLessThan(1e-6);
    }
    expect(actual.results.map(namesOf)).toEqual(expected.results.map(namesOf));
    for (const [i, results] of expected.results.entries()) {
      for (const [j, [name, values]] of results.entries()) {
        const got = actual.results[i]![j]![1];
        expect(difference(got, values), `${parity.runs[i]!.run} ${name}: ${got} for ${values}`).toBeLessThan(1e-5);
      }
    }
    for (const [i, values] of expected.final.entries())
      expect(difference(actual.final[i]!, unpack(values)), `final ${expected.paths[i]}`).toBeLessThan(1e-5);
    for (const [i, values] of expected.predicted.entries())
      expect(difference(actual.predicted[i]!, unpack(values)), `output ${i}`).toBeLessThan(1e-5);
    const loaded = { ...parity.model, compile_config: parity.compile };
    expect(withoutDefaults(actual.config)).toEqual(withoutDefaults(loaded));
    expect(difference([actual.rate], [expected.rate]), `rate ${actual.rate} for ${expected.rate}`).toBeLessThan(1e-6);
    expect(actual.summary).toBe(expected.summary);
  });
});
