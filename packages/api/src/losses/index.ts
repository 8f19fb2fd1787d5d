/** `keras.losses`: classes, and the same as functions that give a loss per sample. */

export { BinaryCrossentropy, type BinaryCrossentropyOptions } from './binary-crossentropy.js';
export { BinaryFocalCrossentropy, type BinaryFocalCrossentropyOptions } from './binary-focal-crossentropy.js';
export { CategoricalCrossentropy, type CategoricalCrossentropyOptions } from './categorical-crossentropy.js';
export {
  CategoricalFocalCrossentropy,
  type CategoricalFocalCrossentropyOptions,
} from './categorical-focal-crossentropy.js';
export { CategoricalHinge } from './categorical-hinge.js';
export { CosineSimilarity, type CosineSimilarityOptions } from './cosine-similarity.js';
export {
  binaryCrossentropy,
  binaryFocalCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  sparseCategoricalCrossentropy,
} from './crossentropy-functions.js';
export { Hinge } from './hinge.js';
export { categoricalHinge, hinge, squaredHinge } from './hinge-functions.js';
export { Huber, type HuberOptions } from './huber.js';
export { KLDivergence } from './kl-divergence.js';
export { LogCosh } from './log-cosh.js';
export { Loss, type LossFunction, LossFunctionWrapper, type LossOptions } from './loss.js';
export { MeanAbsoluteError } from './mean-absolute-error.js';
export { MeanAbsolutePercentageError } from './mean-absolute-percentage-error.js';
export { MeanSquaredError } from './mean-squared-error.js';
export { MeanSquaredLogarithmicError } from './mean-squared-logarithmic-error.js';
export { Poisson } from './poisson.js';
export type { Reduction } from './reduction.js';
export {
  cosineSimilarity,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
} from './regression-functions.js';
export {
  SparseCategoricalCrossentropy,
  type SparseCategoricalCrossentropyOptions,
} from './sparse-categorical-crossentropy.js';
export { SquaredHinge } from './squared-hinge.js';
export type { LossIdentifier, LossNames } from './table.js';
