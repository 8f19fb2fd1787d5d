/** CPython's `random.Random`, number for number. */
import { CeratopsError } from '@ceratops/kernel-registry';
import { MersenneTwister } from './mersenne-twister.js';

const word = 4294967296;

/** Bit-equal to `random.Random(seed)` of CPython 3.11 and later, for integer seeds. */
export class PythonRandom {
  readonly #generator: MersenneTwister;

  constructor(seed: number | bigint) {
    this.#generator = new MersenneTwister(wordsOf(seed));
  }

  /** Starts again from `seed`. */
  seed(seed: number | bigint): void {
    this.#generator.seedWords(wordsOf(seed));
  }

  /** Uniform in [0, 1). */
  random(): number {
    return this.#generator.nextDouble();
  }

  /** `bits` random bits as a non-negative integer; the least significant word is drawn first. */
  getRandomBits(bits: number): bigint {
    if (!Number.isInteger(bits) || bits < 0) {
      throw new CeratopsError('INVALID_ARGUMENT', 'bad number of bits', {
        subject: 'PythonRandom.getRandomBits',
        expected: 'a non-negative integer',
        received: String(bits),
      });
    }
    let value = 0n;
    for (let drawn = 0; drawn < bits; drawn += 32)
      value |= BigInt(this.#bits(Math.min(32, bits - drawn))) << BigInt(drawn);
    return value;
  }

  /** A random integer in [start, stop). */
  randomRange(start: number, stop: number): number {
    const width = stop - start;
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(width) || width <= 0) {
      throw new CeratopsError('INVALID_ARGUMENT', 'empty or inexact range', {
        subject: 'PythonRandom.randomRange',
        expected: 'integers start < stop',
        received: `[${start}, ${stop})`,
      });
    }
    return start + this.#below(width);
  }

  /** A random integer in [low, high], both included. */
  randomInteger(low: number, high: number): number {
    return this.randomRange(low, high + 1);
  }

  uniform(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  choice<T>(items: readonly T[]): T {
    return items[this.randomRange(0, items.length)]!;
  }

  /** Shuffles in place. */
  shuffle(items: { readonly length: number; [index: number]: unknown }): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.#below(i + 1);
      const item = items[i];
      items[i] = items[j];
      items[j] = item;
    }
  }

  /** `count` different items in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    const size = items.length;
    if (!Number.isInteger(count) || count < 0 || count > size) {
      throw new CeratopsError('INVALID_ARGUMENT', 'sample larger than the population or negative', {
        subject: 'PythonRandom.sample',
        expected: `0 … ${size}`,
        received: String(count),
      });
    }
    return size <= poolLimit(count) ? this.#sampleFromPool(items, count) : this.#sampleBySet(items, count);
  }

  #sampleFromPool<T>(items: readonly T[], count: number): T[] {
    const pool = [...items];
    return Array.from({ length: count }, (_, taken) => {
      const last = pool.length - taken - 1;
      const j = this.#below(last + 1);
      const item = pool[j]!;
      pool[j] = pool[last]!;
      return item;
    });
  }

  #sampleBySet<T>(items: readonly T[], count: number): T[] {
    const chosen = new Set<number>();
    while (chosen.size < count) {
      // A repeated index is drawn again; the set keeps the order of the first draws.
      chosen.add(this.#below(items.length));
    }
    return [...chosen].map((index) => items[index]!);
  }

  #bits(count: number): number {
    return this.#generator.nextWord() >>> (32 - count);
  }

  #below(limit: number): number {
    const bits = bitLength(limit);
    for (;;) {
      const low = this.#bits(Math.min(32, bits));
      const value = bits > 32 ? this.#bits(bits - 32) * word + low : low;
      if (value < limit) return value;
    }
  }
}

/** The population size up to which CPython's `sample` copies the population instead of keeping a set. */
function poolLimit(count: number): number {
  return count > 5 ? 21 + 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 21;
}

function bitLength(value: number): number {
  const high = Math.floor(value / word);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value);
}

/** |seed| in 32-bit words, least significant first; at least one. */
function wordsOf(seed: number | bigint): number[] {
  if (typeof seed === 'number' && !Number.isInteger(seed)) {
    throw new CeratopsError('INVALID_ARGUMENT', 'the seed is no integer', {
      subject: 'PythonRandom',
      expected: 'an integer',
      received: String(seed),
    });
  }
  let rest = BigInt(seed);
  if (rest < 0n) rest = -rest;
  const words: number[] = [];
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}
