/** `keras.metrics`: classes, and functions that give a value per sample. */

export { Accuracy } from './accuracy.js';
export {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
} from './accuracy-functions.js';
export { AUC, type AUCOptions } from './auc.js';
export { BinaryAccuracy, type BinaryAccuracyOptions } from './binary-accuracy.js';
export { BinaryCrossentropy, type BinaryCrossentropyOptions } from './binary-crossentropy.js';
export { CategoricalAccuracy } from './categorical-accuracy.js';
export { CategoricalCrossentropy, type CategoricalCrossentropyOptions } from './categorical-crossentropy.js';
export { CategoricalHinge } from './categorical-hinge.js';
export type { ClassOptions, ThresholdOptions } from './confusion-metric.js';
export { CosineSimilarity, type CosineSimilarityOptions } from './cosine-similarity.js';
export { FalseNegatives, FalsePositives, TrueNegatives, TruePositives } from './counts.js';
export { Hinge } from './hinge.js';
export { KLDivergence } from './kl-divergence.js';
export { LogCoshError } from './log-cosh-error.js';
export { Mean } from './mean.js';
export { MeanAbsoluteError } from './mean-absolute-error.js';
export { MeanAbsolutePercentageError } from './mean-absolute-percentage-error.js';
export { MeanMetricWrapper, type MetricFunction } from './mean-metric-wrapper.js';
export { MeanSquaredError } from './mean-squared-error.js';
export { MeanSquaredLogarithmicError } from './mean-squared-logarithmic-error.js';
export { Metric, type MetricOptions } from './metric.js';
export { Poisson } from './poisson.js';
export { Precision } from './precision.js';
export { Recall } from './recall.js';
export { RootMeanSquaredError } from './root-mean-squared-error.js';
export { SparseCategoricalAccuracy } from './sparse-categorical-accuracy.js';
export {
  SparseCategoricalCrossentropy,
  type SparseCategoricalCrossentropyOptions,
} from './sparse-categorical-crossentropy.js';
export {
  SparseTopKCategoricalAccuracy,
  type SparseTopKCategoricalAccuracyOptions,
} from './sparse-top-k-categorical-accuracy.js';
export { SquaredHinge } from './squared-hinge.js';
export { Sum } from './sum.js';
export type { MetricIdentifier, MetricNames } from './table.js';
export { TopKCategoricalAccuracy, type TopKCategoricalAccuracyOptions } from './top-k-categorical-accuracy.js';
