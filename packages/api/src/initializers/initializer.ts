/** What the initializers share. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError, type DType, type Shape } from '@ceratops/kernel-registry';
import { Configurable } from '../engine/configurable.js';
import { makeDefaultSeed } from '../engine/random-state.js';
import { optional } from '../engine/rows.js';
import { SeedGenerator } from '../engine/seed-generator.js';
import { isPlainObject, type Json, type Row } from '../engine/table.js';

/** A function from a shape (and a dtype, `floatx()` by default) to a first value. */
export type Initializer = (shape: Shape, dtype?: DType) => Tensor;

/** An integer draws the same values at every call; a generator draws new ones. */
export type Seed = number | SeedGenerator;

export interface SeedOptions {
  /** Taken from the global stream when absent. */
  readonly seed?: Seed | undefined;
}

function seedFrom(value: unknown): Seed {
  if (value instanceof SeedGenerator || Number.isInteger(value)) return value as Seed;
  if (isPlainObject(value) && isPlainObject(value['config'])) {
    const { seed, name } = value['config'] as { seed?: number | null; name?: string };
    return new SeedGenerator(seed ?? undefined, { name });
  }
  throw new CeratopsError('INVALID_ARGUMENT', "bad argument 'seed'", {
    expected: 'an integer or a SeedGenerator',
    received: JSON.stringify(value) ?? String(value),
  });
}

function serializeSeed(seed: Seed): Json {
  if (typeof seed === 'number') return seed;
  return { module: 'keras.random', class_name: 'SeedGenerator', config: seed.getConfig(), registered_name: null };
}

export const seedRow = (): Row<Seed | undefined> =>
  optional<Seed>({
    key: 'seed',
    required: false,
    fallback: () => makeDefaultSeed(),
    resolve: seedFrom,
    serialize: serializeSeed,
  });

/** Initializers are called like functions. */
export interface InitializerObject extends Initializer {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface adds the call signature that Callable makes true
export abstract class InitializerObject extends Configurable {
  abstract override invoke(shape: Shape, dtype?: DType): Tensor;
}

/** Draws its seed when it is made, as Keras does: weights then depend on the order in which layers are made. */
export abstract class RandomInitializer extends InitializerObject {
  declare readonly seed: Seed | undefined;
  readonly #drawn: Seed;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.#drawn = this.seed ?? makeDefaultSeed();
  }

  /** What to hand to `keras.random`. */
  get drawnSeed(): Seed {
    return this.#drawn;
  }
}
