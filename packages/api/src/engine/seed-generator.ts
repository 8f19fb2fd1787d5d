/** A stream of random keys: the state [seed, counter] is a variable, so that every run of a program draws new numbers. */

import { type Tensor, tensor, Variable } from '@ceratops/core';
import { add, constant, multiply } from '@ceratops/core/primitives';
import { CeratopsError } from '@ceratops/kernel-registry';
import { autoName, currentPath } from './naming.js';
import { makeDefaultSeed, randomStreams } from './random-state.js';

export interface SeedGeneratorOptions {
  readonly name?: string | undefined;
}

export class SeedGenerator {
  readonly $seedGenerator: true = true;
  readonly name: string;
  /** uint32[2]: seed and counter. */
  readonly state: Variable;
  readonly #initialSeed: number | undefined;

  /** @param seed an integer; drawn from the global stream when absent. */
  constructor(seed?: number, options: SeedGeneratorOptions = {}) {
    this.name = options.name ?? autoName('SeedGenerator');
    this.#initialSeed = seed;
    const first = seed ?? makeDefaultSeed();
    if (!Number.isInteger(first)) {
      throw new CeratopsError('INVALID_ARGUMENT', 'bad seed', {
        subject: 'SeedGenerator',
        expected: 'an integer',
        received: String(seed),
      });
    }
    const parent = currentPath();
    this.state = new Variable(() => keyOf(first), {
      name: 'seed_generator_state',
      path: `${parent === '' ? '' : `${parent}/`}${this.name}/seed_generator_state`,
      trainable: false,
    });
  }

  /** The current key; the counter goes up by one. */
  next(): Tensor {
    const key = this.state.value;
    this.state.assign(add(key, pair(0, 1)));
    return multiply(key, pair(1, 1));
  }

  getConfig(): { seed: number | null; name: string } {
    return { seed: this.#initialSeed ?? null, name: this.name };
  }
}

function pair(a: number, b: number): Tensor {
  return constant(new Uint32Array([a, b]), { dtype: 'uint32', shape: [2] });
}

function keyOf(seed: number): Tensor {
  return tensor(new Uint32Array([seed, 0]), { shape: [2] });
}

/** The generator behind `keras.random` functions that are given no seed. */
export function globalSeedGenerator(): SeedGenerator {
  const streams = randomStreams();
  streams.generator ??= new SeedGenerator();
  return streams.generator;
}

/** A key for one draw. An integer gives the same key each time, a generator its next one, nothing the global generator's. */
export function drawSeed(seed: number | SeedGenerator | undefined): Tensor {
  if (seed === undefined) return globalSeedGenerator().next();
  return typeof seed === 'number' ? keyOf(seed) : seed.next();
}
