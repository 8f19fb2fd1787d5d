/** What `npm run bench` makes of its measurements; the measurements themselves are no test. */

import { describe, expect, it } from 'vitest';
import { bar, ratioTo } from '../../tools/bench/support/bars.mjs';
import { compareNumbers } from '../../tools/bench/support/compare.mjs';
import { fingerprint, hashed, sameNumbers } from '../../tools/bench/support/hashed-numbers.mjs';
import { summarise } from '../../tools/bench/support/statistics.mjs';

const figures = {
  ceratops: { single: summarise([4, 5, 6]), several: summarise([2, 3, 4]) },
  tfjs: { single: summarise([6, 8, 10]) },
  'jax-js': { single: summarise([10, 10, 10]), several: summarise([1, 2, 3]) },
  'onnxruntime-web': { cannot: 'no gradients' },
};
const js = ['tfjs', 'jax-js', 'onnxruntime-web'];

describe('ratios', () => {
  it('compare one thread with one thread, by medians and by best samples', () => {
    expect(ratioTo(figures, 'lower', js, 'single')).toEqual({ median: 5 / 8, best: 4 / 6 });
    expect(ratioTo(figures, 'higher', js, 'single')).toEqual({ median: 10 / 5, best: 10 / 6 });
  });

  it('compare what a user gets with the best that peers have', () => {
    expect(ratioTo(figures, 'lower', js, 'several')).toEqual({ median: 3 / 2, best: 2 / 1 });
  });

  it('are missing where no peer has a figure', () => {
    expect(ratioTo(figures, 'lower', ['onnxruntime-web'], 'several')).toBeUndefined();
  });
});

describe('bars', () => {
  it('hold for the worse of medians and best samples', () => {
    expect(bar({ than: js, timesAsFast: 1.5, on: 'single' }, figures, 'ms', 'lower')).toEqual({
      bar: '≥ 1.5 × as fast as the best of tfjs-wasm, jax-js, onnxruntime-web, 1 thread',
      reached: 1.5,
      met: true,
    });
    expect(bar({ than: js, timesAsLong: 1.9, on: 'several' }, figures, 'ms', 'lower')).toMatchObject({
      reached: 2,
      met: false,
    });
  });

  it('against a number are for the median of all threads', () => {
    expect(bar({ atMost: 3 }, figures, 'ms', 'lower')).toEqual({ bar: '≤ 3 ms', reached: 3, met: true });
  });

  it('are neither met nor missed without a peer', () => {
    const judged = bar({ than: ['onnxruntime-web'], timesAsFast: 1, on: 'single' }, figures, 'ms', 'lower');
    expect(judged.met).toBeUndefined();
  });
});

describe('fingerprints', () => {
  const values = hashed(10_000, 1);

  it('are the same up to rounding', () => {
    const rounded = values.map((value) => value * (1 + 1e-6));
    expect(sameNumbers(fingerprint(values), fingerprint(rounded))).toBe(true);
  });

  it.each([
    ['in another order', values.slice().reverse()],
    ['of other numbers', hashed(10_000, 2)],
    ['half of which are missing', values.map((value, i) => (i % 2 ? value : 0))],
  ])('differ for values %s', (_, other) => {
    expect(sameNumbers(fingerprint(values), fingerprint(other))).toBe(false);
  });

  const result = (who: string, seed: number) => ({
    entrant: { who, threads: 'single' as const, command: '', args: [] },
    ready: { prints: { product: fingerprint(hashed(100, seed)) }, cannot: {} },
    figures: { product: summarise([1]) },
  });

  it('take the figures from whoever computes something else than most', () => {
    const results = [result('ceratops', 1), result('jax', 1), result('tfjs', 2)];
    compareNumbers(results, 'product');
    expect(results.map(({ figures: { product } }) => product !== undefined)).toEqual([true, true, false]);
    expect(results[2]?.ready.cannot).toEqual({ product: 'computes something else' });
  });

  it('stop the run where that is Ceratops', () => {
    const results = [result('ceratops', 2), result('jax', 1), result('tfjs', 1)];
    expect(() => compareNumbers(results, 'product')).toThrow('Ceratops computes something else');
  });
});
