/** `@ceratops/core/random`: threefry streams on tensors, equal to `jax.random`, and Python's generators on the host. */
export * from './continuous.js';
export * from './discrete.js';
export * from './keys.js';
export * from './mersenne-twister.js';
export * from './numpy-random.js';
export * from './permutation.js';
export * from './python-random.js';
