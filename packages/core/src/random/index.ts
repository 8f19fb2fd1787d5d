/** `@ceratops/core/random`: threefry streams on tensors, equal to `jax.random`, and Python's generators on the host. */
export {
  type NormalOptions,
  normal,
  type TruncatedNormalOptions,
  truncatedNormal,
  type UniformOptions,
  uniform,
} from './continuous.js';
export { bernoulli, type CategoricalOptions, categorical, type RandintOptions, randint } from './discrete.js';
export { type BitWidth, foldIn, key, randomBits, split } from './keys.js';
export { MersenneTwister } from './mersenne-twister.js';
export { NumpyRandom } from './numpy-random.js';
export { permutation, shuffle } from './permutation.js';
export { PythonRandom } from './python-random.js';
