/** `keras.initializers`. */

export { Constant, Identity, Identity as IdentityInitializer, Ones, Zeros } from './constants.js';
export {
  type NormalOptions,
  RandomNormal,
  RandomUniform,
  TruncatedNormal,
  type UniformOptions,
} from './distributions.js';
export { type InitializerIdentifier, type InitializerNames, initializers } from './family.js';
export type { Initializer, Seed, SeedOptions } from './initializer.js';
export { Orthogonal, Orthogonal as OrthogonalInitializer, type OrthogonalOptions } from './orthogonal.js';
export {
  type Distribution,
  type FanMode,
  type FanOptions,
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
  type VarianceScalingOptions,
} from './variance-scaling.js';
