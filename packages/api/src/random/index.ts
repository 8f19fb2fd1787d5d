/** `keras.random`. */

export { SeedGenerator, type SeedGeneratorOptions } from '../engine/seed-generator.js';
export {
  categorical,
  type DropoutOptions,
  dropout,
  type NormalOptions,
  normal,
  type RandomOptions,
  randint,
  type ShuffleOptions,
  shuffle,
  truncatedNormal,
  uniform,
} from './distributions.js';
