/**
 * MT19937 on the host: the generator under CPython's `random` and NumPy's legacy `np.random`, which Keras uses for
 * seeds and for the order of the data.
 *
 * Matsumoto and Nishimura, "Mersenne Twister: A 623-dimensionally equidistributed uniform pseudo-random number
 * generator", 1998.
 */
const stateWords = 624;
const shiftWords = 397;

export class MersenneTwister {
  readonly #state: Uint32Array = new Uint32Array(stateWords);
  #position: number = stateWords;

  /** @param seed a word, or the words of a longer key. */
  constructor(seed: number | readonly number[] = 5489) {
    if (typeof seed === 'number') this.seedWord(seed);
    else this.seedWords(seed);
  }

  /** The reference `init_genrand`. */
  seedWord(seed: number): void {
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < stateWords; i++) {
      const previous = state[i - 1]!;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
    this.#position = stateWords;
  }

  /** The reference `init_by_array`. */
  seedWords(key: readonly number[]): void {
    this.seedWord(19650218);
    const state = this.#state;
    let i = 1;
    const advance = (): void => {
      i += 1;
      if (i === stateWords) {
        state[0] = state[stateWords - 1]!;
        i = 1;
      }
    };
    const mixed = (factor: number): number => {
      const previous = state[i - 1]!;
      return state[i]! ^ Math.imul(previous ^ (previous >>> 30), factor);
    };
    for (let n = 0; n < Math.max(stateWords, key.length); n++) {
      const j = n % key.length;
      state[i] = mixed(1664525) + key[j]! + j;
      advance();
    }
    for (let n = 1; n < stateWords; n++) {
      state[i] = mixed(1566083941) - i;
      advance();
    }
    state[0] = 0x80000000;
  }

  /** The next 32 bits, as a number in [0, 2**32). */
  nextWord(): number {
    if (this.#position === stateWords) this.#refill();
    let word = this.#state[this.#position++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  /** Uniform in [0, 1), a multiple of 2**-53; takes two words. */
  nextDouble(): number {
    const high = this.nextWord() >>> 5;
    const low = this.nextWord() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < stateWords; i++) {
      const joined = (state[i]! & 0x80000000) | (state[(i + 1) % stateWords]! & 0x7fffffff);
      state[i] = state[(i + shiftWords) % stateWords]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }
}
