/** The host's random streams: automatic seeds and the order of shuffled data. */

import { NumpyRandom, PythonRandom } from '@ceratops/core/random';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { SeedGenerator } from './seed-generator.js';

interface Streams {
  /** Automatic seeds. */
  readonly python: Pick<PythonRandom, 'randomInteger'>;
  /** The order of the data. */
  readonly numpy: Pick<NumpyRandom, 'permutation'>;
  /** Serves `keras.random` functions that are given no seed. */
  generator: SeedGenerator | undefined;
}

let streams: Streams | undefined;

/**
 * Drawn from the host: nobody can tell them from Keras' streams seeded by the clock, and a bundle that never calls
 * `setRandomSeed` has no Mersenne twister in it.
 */
function unseeded(): Streams {
  const below = (limit: number): number => Math.floor(Math.random() * limit);
  return {
    python: { randomInteger: (low, high) => low + below(high + 1 - low) },
    numpy: {
      permutation(size) {
        const order = new Int32Array(size);
        for (let i = 0; i < size; i++) {
          const j = below(i + 1);
          order[i] = order[j]!;
          order[j] = i;
        }
        return order;
      },
    },
    generator: undefined,
  };
}

/** Made at the first need, from the host's own randomness unless `setRandomSeed` was called. */
export function randomStreams(): Streams {
  streams ??= unseeded();
  return streams;
}

/**
 * Seeds everything random: initial weights, dropout masks and shuffles are then those of Keras on JAX after
 * `keras.utils.set_random_seed(seed)`, from Python's `random` and NumPy's `np.random` as Keras draws them.
 */
export function setRandomSeed(seed: number): void {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new CeratopsError('INVALID_ARGUMENT', 'bad seed', {
      subject: 'setRandomSeed',
      expected: 'an integer from 0 to 2**32 - 1',
      received: String(seed),
    });
  }
  streams = { python: new PythonRandom(seed), numpy: new NumpyRandom(seed), generator: undefined };
}

/** A fresh automatic seed, from 1 to 1e9. */
export function makeDefaultSeed(): number {
  return randomStreams().python.randomInteger(1, 1_000_000_000);
}
