import { NumpyRandom, PythonRandom } from '@ceratops/core/random';
import { describe, expect, it, vi } from 'vitest';

/** The module as a page that has never called `setRandomSeed` has it. */
async function freshState(): Promise<typeof import('./random-state.js')> {
  vi.resetModules();
  return import('./random-state.js');
}

describe('without a seed', () => {
  it('permutations hold every index once, and come in every order', async () => {
    const { randomStreams } = await freshState();
    const seen = new Set<string>();
    for (let draw = 0; draw < 400; draw++) {
      const order = randomStreams().numpy.permutation(3);
      expect([...order].sort()).toEqual([0, 1, 2]);
      seen.add(order.join());
    }
    expect(seen.size).toBe(6);
    expect(randomStreams().numpy.permutation(0)).toEqual(new Int32Array(0));
  });

  it.each([
    [0, 1],
    [1 - 2 ** -53, 1_000_000_000],
  ])('automatic seeds lie in Python’s range: Math.random() = %d', async (draw, seed) => {
    const { makeDefaultSeed } = await freshState();
    const random = vi.spyOn(Math, 'random').mockReturnValue(draw);
    expect(makeDefaultSeed()).toBe(seed);
    random.mockRestore();
  });
});

it('after setRandomSeed the streams are those of Python and NumPy', async () => {
  const { makeDefaultSeed, randomStreams, setRandomSeed } = await freshState();
  setRandomSeed(17);
  expect(makeDefaultSeed()).toBe(new PythonRandom(17).randomInteger(1, 1_000_000_000));
  expect(randomStreams().numpy.permutation(20)).toEqual(new NumpyRandom(17).permutation(20));
});
