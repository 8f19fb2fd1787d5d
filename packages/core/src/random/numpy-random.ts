/** NumPy's legacy `np.random` (`RandomState`), number for number. */
import { CeratopsError } from '@ceratops/kernel-registry';
import { MersenneTwister } from './mersenne-twister.js';

const word = 4294967296;

/**
 * Bit-equal to `numpy.random.RandomState(seed)`; `standardNormal` is as close as the host's `Math.log` is to the C
 * library's (1 ulp). Where NumPy takes a size, these draw one number; call again for the next.
 */
export class NumpyRandom {
  readonly #generator: MersenneTwister;
  #spareNormal: number | undefined;

  /** @param seed an integer in [0, 2**32), or an array of them. */
  constructor(seed: number | readonly number[]) {
    this.#generator = new MersenneTwister(checkedSeed(seed));
  }

  /** Starts again from `seed`. */
  seed(seed: number | readonly number[]): void {
    const checked = checkedSeed(seed);
    if (typeof checked === 'number') this.#generator.seedWord(checked);
    else this.#generator.seedWords(checked);
    this.#spareNormal = undefined;
  }

  /** `random_sample()`: uniform in [0, 1). */
  randomSample(): number {
    return this.#generator.nextDouble();
  }

  uniform(low: number, high: number): number {
    return low + (high - low) * this.randomSample();
  }

  /** `randint(low, high)` in the default int64: an integer in [low, high). */
  randomInteger(low: number, high: number): number {
    const range = high - 1 - low;
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(range) || range < 0) {
      throw new CeratopsError('INVALID_ARGUMENT', 'empty or inexact range', {
        subject: 'NumpyRandom.randomInteger',
        expected: 'integers low < high',
        received: `[${low}, ${high})`,
      });
    }
    return low + this.#interval(range);
  }

  /** Marsaglia's polar method, two numbers at a time, the second first. */
  standardNormal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.randomSample() - 1;
      const y = 2 * this.randomSample() - 1;
      const squared = x * x + y * y;
      if (squared >= 1 || squared === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
      this.#spareNormal = factor * x;
      return factor * y;
    }
  }

  normal(mean: number, standardDeviation: number): number {
    return mean + standardDeviation * this.standardNormal();
  }

  /** Shuffles in place. */
  shuffle(items: { readonly length: number; [index: number]: unknown }): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.#interval(i);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
  }

  /** `permutation(size)`: 0 … size-1 in random order. */
  permutation(size: number): Int32Array {
    const order = Int32Array.from({ length: size }, (_, index) => index);
    this.shuffle(order);
    return order;
  }

  /** An integer in [0, maximum], by masking and rejection. */
  #interval(maximum: number): number {
    if (maximum === 0) return 0;
    const high = Math.floor(maximum / word);
    if (high === 0) {
      const mask = maskOf(maximum);
      for (;;) {
        const value = (this.#generator.nextWord() & mask) >>> 0;
        if (value <= maximum) return value;
      }
    }
    const mask = maskOf(high);
    for (;;) {
      const top = (this.#generator.nextWord() & mask) >>> 0;
      const value = top * word + this.#generator.nextWord();
      if (value <= maximum) return value;
    }
  }
}

/** All ones from the highest set bit down. */
function maskOf(value: number): number {
  return 0xffffffff >>> Math.clz32(value);
}

function checkedSeed(seed: number | readonly number[]): number | readonly number[] {
  const words = typeof seed === 'number' ? [seed] : seed;
  const good = words.length > 0 && words.every((value) => Number.isInteger(value) && value >= 0 && value < word);
  if (good) return seed;
  throw new CeratopsError('INVALID_ARGUMENT', 'bad seed', {
    subject: 'NumpyRandom',
    expected: 'an integer in [0, 2**32) or an array of them',
    received: String(seed),
  });
}
