/** Initializers by name. */

import { objectFamily } from '../engine/object-family.js';
import type { Resolver } from '../engine/rows.js';
import type { AnyClass } from '../saving/class-registry.js';
import { Constant, Identity, Ones, Zeros } from './constants.js';
import { RandomNormal, RandomUniform, TruncatedNormal } from './distributions.js';
import type { Initializer } from './initializer.js';
import { Orthogonal } from './orthogonal.js';
import {
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
} from './variance-scaling.js';

/** The names that Keras knows; augment it to have your own completed. */
export interface InitializerNames {
  constant: true;
  glorot_normal: true;
  glorot_uniform: true;
  he_normal: true;
  he_uniform: true;
  identity: true;
  lecun_normal: true;
  lecun_uniform: true;
  ones: true;
  orthogonal: true;
  random_normal: true;
  random_uniform: true;
  truncated_normal: true;
  variance_scaling: true;
  zeros: true;
}

/** An initializer: its name, or any function from a shape and dtype to a tensor. */
export type InitializerIdentifier = keyof InitializerNames | (string & {}) | Initializer;

export const initializers: Resolver<Initializer> = /*#__PURE__*/ objectFamily<Initializer>('initializer', () => ({
  ...({
    Zeros,
    Ones,
    Constant,
    Identity,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    GlorotUniform,
    GlorotNormal,
    HeUniform,
    HeNormal,
    LecunUniform,
    LecunNormal,
    Orthogonal,
    one: Ones,
    zero: Zeros,
    eye: Identity,
    IdentityInitializer: Identity,
    normal: RandomNormal,
    uniform: RandomUniform,
  } as unknown as { readonly [name: string]: AnyClass }),
}));
