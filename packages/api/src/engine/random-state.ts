/** The host's random streams: Python's `random` for automatic seeds, NumPy's `np.random` for shuffling, as Keras has them. */

import { NumpyRandom, PythonRandom } from '@ceratops/core/random';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { SeedGenerator } from './seed-generator.js';

interface Streams {
  python: PythonRandom;
  numpy: NumpyRandom;
  /** Serves `keras.random` functions that are given no seed. */
  generator: SeedGenerator | undefined;
}

let streams: Streams | undefined;

function start(seed: number): Streams {
  return { python: new PythonRandom(seed), numpy: new NumpyRandom(seed), generator: undefined };
}

/** Made at the first need, from the clock unless `setRandomSeed` was called. */
export function randomStreams(): Streams {
  streams ??= start(Math.floor(Math.random() * 2 ** 32));
  return streams;
}

/**
 * Seeds everything random: initial weights, dropout masks and shuffles are then those of Keras on JAX after
 * `keras.utils.set_random_seed(seed)`.
 */
export function setRandomSeed(seed: number): void {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new CeratopsError('INVALID_ARGUMENT', 'bad seed', {
      subject: 'setRandomSeed',
      expected: 'an integer from 0 to 2**32 - 1',
      received: String(seed),
    });
  }
  streams = start(seed);
}

/** A fresh automatic seed, from 1 to 1e9. */
export function makeDefaultSeed(): number {
  return randomStreams().python.randomInteger(1, 1_000_000_000);
}
