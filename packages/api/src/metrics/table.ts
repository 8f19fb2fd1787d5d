/** Metrics by name, loaded when `compile` meets the name. `accuracy` there means the one that fits the loss. */

import type { MetricFunction } from './mean-metric-wrapper.js';
import type { Metric, MetricOptions } from './metric.js';

/** A class that makes a metric. */
export type MetricClass = new (options?: MetricOptions) => Metric;

/** The names that Keras knows; augment it to have your own completed. */
export interface MetricNames {
  accuracy: true;
  auc: true;
  bce: true;
  binary_accuracy: true;
  binary_crossentropy: true;
  categorical_accuracy: true;
  categorical_crossentropy: true;
  categorical_hinge: true;
  cosine_similarity: true;
  false_negatives: true;
  false_positives: true;
  hinge: true;
  kl_divergence: true;
  kld: true;
  log_cosh: true;
  log_cosh_error: true;
  logcosh: true;
  mae: true;
  mape: true;
  mean: true;
  mean_absolute_error: true;
  mean_absolute_percentage_error: true;
  mean_squared_error: true;
  mean_squared_logarithmic_error: true;
  mse: true;
  msle: true;
  poisson: true;
  precision: true;
  recall: true;
  rmse: true;
  root_mean_squared_error: true;
  sparse_categorical_accuracy: true;
  sparse_categorical_crossentropy: true;
  sparse_top_k_categorical_accuracy: true;
  squared_hinge: true;
  sum: true;
  top_k_categorical_accuracy: true;
  true_negatives: true;
  true_positives: true;
}

/** A metric: its name (`acc` and `accuracy` pick by the loss), a function or an object. */
export type MetricIdentifier = keyof MetricNames | 'acc' | (string & {}) | MetricFunction | Metric;

export const metricTable: { readonly [K in keyof MetricNames]: () => Promise<MetricClass> } = {
  accuracy: () => import('./accuracy.js').then((m) => m.Accuracy as unknown as MetricClass),
  auc: () => import('./auc.js').then((m) => m.AUC as unknown as MetricClass),
  bce: () => import('./binary-crossentropy.js').then((m) => m.BinaryCrossentropy as unknown as MetricClass),
  binary_accuracy: () => import('./binary-accuracy.js').then((m) => m.BinaryAccuracy as unknown as MetricClass),
  binary_crossentropy: () =>
    import('./binary-crossentropy.js').then((m) => m.BinaryCrossentropy as unknown as MetricClass),
  categorical_accuracy: () =>
    import('./categorical-accuracy.js').then((m) => m.CategoricalAccuracy as unknown as MetricClass),
  categorical_crossentropy: () =>
    import('./categorical-crossentropy.js').then((m) => m.CategoricalCrossentropy as unknown as MetricClass),
  categorical_hinge: () => import('./categorical-hinge.js').then((m) => m.CategoricalHinge as unknown as MetricClass),
  cosine_similarity: () => import('./cosine-similarity.js').then((m) => m.CosineSimilarity as unknown as MetricClass),
  false_negatives: () => import('./counts.js').then((m) => m.FalseNegatives as unknown as MetricClass),
  false_positives: () => import('./counts.js').then((m) => m.FalsePositives as unknown as MetricClass),
  hinge: () => import('./hinge.js').then((m) => m.Hinge as unknown as MetricClass),
  kl_divergence: () => import('./kl-divergence.js').then((m) => m.KLDivergence as unknown as MetricClass),
  kld: () => import('./kl-divergence.js').then((m) => m.KLDivergence as unknown as MetricClass),
  log_cosh: () => import('./log-cosh-error.js').then((m) => m.LogCoshError as unknown as MetricClass),
  log_cosh_error: () => import('./log-cosh-error.js').then((m) => m.LogCoshError as unknown as MetricClass),
  logcosh: () => import('./log-cosh-error.js').then((m) => m.LogCoshError as unknown as MetricClass),
  mae: () => import('./mean-absolute-error.js').then((m) => m.MeanAbsoluteError as unknown as MetricClass),
  mape: () =>
    import('./mean-absolute-percentage-error.js').then((m) => m.MeanAbsolutePercentageError as unknown as MetricClass),
  mean: () => import('./mean.js').then((m) => m.Mean as unknown as MetricClass),
  mean_absolute_error: () =>
    import('./mean-absolute-error.js').then((m) => m.MeanAbsoluteError as unknown as MetricClass),
  mean_absolute_percentage_error: () =>
    import('./mean-absolute-percentage-error.js').then((m) => m.MeanAbsolutePercentageError as unknown as MetricClass),
  mean_squared_error: () => import('./mean-squared-error.js').then((m) => m.MeanSquaredError as unknown as MetricClass),
  mean_squared_logarithmic_error: () =>
    import('./mean-squared-logarithmic-error.js').then((m) => m.MeanSquaredLogarithmicError as unknown as MetricClass),
  mse: () => import('./mean-squared-error.js').then((m) => m.MeanSquaredError as unknown as MetricClass),
  msle: () =>
    import('./mean-squared-logarithmic-error.js').then((m) => m.MeanSquaredLogarithmicError as unknown as MetricClass),
  poisson: () => import('./poisson.js').then((m) => m.Poisson as unknown as MetricClass),
  precision: () => import('./precision.js').then((m) => m.Precision as unknown as MetricClass),
  recall: () => import('./recall.js').then((m) => m.Recall as unknown as MetricClass),
  rmse: () => import('./root-mean-squared-error.js').then((m) => m.RootMeanSquaredError as unknown as MetricClass),
  root_mean_squared_error: () =>
    import('./root-mean-squared-error.js').then((m) => m.RootMeanSquaredError as unknown as MetricClass),
  sparse_categorical_accuracy: () =>
    import('./sparse-categorical-accuracy.js').then((m) => m.SparseCategoricalAccuracy as unknown as MetricClass),
  sparse_categorical_crossentropy: () =>
    import('./sparse-categorical-crossentropy.js').then(
      (m) => m.SparseCategoricalCrossentropy as unknown as MetricClass,
    ),
  sparse_top_k_categorical_accuracy: () =>
    import('./sparse-top-k-categorical-accuracy.js').then(
      (m) => m.SparseTopKCategoricalAccuracy as unknown as MetricClass,
    ),
  squared_hinge: () => import('./squared-hinge.js').then((m) => m.SquaredHinge as unknown as MetricClass),
  sum: () => import('./sum.js').then((m) => m.Sum as unknown as MetricClass),
  top_k_categorical_accuracy: () =>
    import('./top-k-categorical-accuracy.js').then((m) => m.TopKCategoricalAccuracy as unknown as MetricClass),
  true_negatives: () => import('./counts.js').then((m) => m.TrueNegatives as unknown as MetricClass),
  true_positives: () => import('./counts.js').then((m) => m.TruePositives as unknown as MetricClass),
};
