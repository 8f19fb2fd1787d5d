import { describe, expect, it } from 'vitest';
import goldens from '../../goldens/random.json' with { type: 'json' };
import { MersenneTwister } from './mersenne-twister.js';
import { NumpyRandom } from './numpy-random.js';
import { PythonRandom } from './python-random.js';

const times = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

function float64s(digits: string): number[] {
  const words = BigUint64Array.from(digits.match(/.{16}/g)!, (word) => BigInt(`0x${word}`));
  return [...new Float64Array(words.buffer)];
}

describe('MersenneTwister', () => {
  it('gives the first words that its authors published for their test key', () => {
    const generator = new MersenneTwister([0x123, 0x234, 0x345, 0x456]);
    expect(times(5, () => generator.nextWord())).toEqual([1067595299, 955945823, 477289528, 4107218783, 4228976476]);
  });
});

describe.each(goldens.python)('PythonRandom($seed)', (golden) => {
  // The draws of a golden follow one another on one generator, so the order of the checks matters.
  it('draws what CPython draws', () => {
    const random = new PythonRandom(BigInt(golden.seed));
    expect(times(5, () => random.random())).toEqual(float64s(golden.random));
    for (const [bits, value] of golden.randomBits) expect(String(random.getRandomBits(bits as number))).toBe(value);
    for (const [low, high, value] of golden.randomInteger) expect(random.randomInteger(low!, high!)).toBe(value);
    expect(times(3, () => random.uniform(-2.5, 7))).toEqual(float64s(golden.uniform));
    expect(times(8, () => random.choice([...'abcdefg']))).toEqual(golden.choice);
    const order = [...Array(20).keys()];
    random.shuffle(order);
    expect(order).toEqual(golden.shuffle);
    for (const [size, count, picked] of golden.sample) {
      expect(random.sample([...Array(size as number).keys()], count as number)).toEqual(picked);
    }
  });
});

describe.each(goldens.numpy)('NumpyRandom($seed)', (golden) => {
  it('draws what numpy.random.RandomState draws', () => {
    const random = new NumpyRandom(golden.seed);
    expect(times(5, () => random.randomSample())).toEqual(float64s(golden.randomSample));
    expect(times(3, () => random.uniform(-2.5, 7))).toEqual(float64s(golden.uniform));
    for (const [low, high, value] of golden.randomInteger) expect(random.randomInteger(low!, high!)).toBe(value);
    // The host's Math.log may differ from the C library's in the last place.
    for (const expected of float64s(golden.standardNormal)) {
      expect(Math.abs(random.standardNormal() / expected - 1)).toBeLessThan(2 ** -51);
    }
    for (const [size, order] of golden.permutation) expect([...random.permutation(size as number)]).toEqual(order);
    const order = [...Array(12).keys()];
    random.shuffle(order);
    expect(order).toEqual(golden.shuffle);
  });
});

describe('bad arguments', () => {
  it.each([
    () => new PythonRandom(0.5),
    () => new NumpyRandom(-1),
    () => new NumpyRandom([]),
    () => new PythonRandom(0).randomRange(3, 3),
    () => new NumpyRandom(0).randomInteger(0, 2 ** 60),
    () => new PythonRandom(0).sample([1, 2], 3),
    () => new PythonRandom(0).getRandomBits(-1),
  ])('%s is a typed error', (call) => {
    expect(call).toThrowError(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
