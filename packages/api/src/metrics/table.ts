/** Metrics by name, loaded when `compile` meets the name. `accuracy` there means the one that fits the loss. */

import type { LazyClasses } from '../training/lookup.js';
import type { MetricFunction } from './mean.js';
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

const accuracies = () => import('./accuracy-metrics.js');
const crossentropies = () => import('./crossentropy-metrics.js');
const regression = () => import('./regression-metrics.js');
const hinges = () => import('./hinge-metrics.js');
const confusion = () => import('./confusion-metrics.js');
const topK = () => import('./top-k-metrics.js');

export const metricTable: LazyClasses<keyof MetricNames> = {
  accuracy: accuracies,
  auc: confusion,
  bce: 'binary_crossentropy',
  binary_accuracy: accuracies,
  binary_crossentropy: crossentropies,
  categorical_accuracy: accuracies,
  categorical_crossentropy: crossentropies,
  categorical_hinge: hinges,
  cosine_similarity: regression,
  false_negatives: confusion,
  false_positives: confusion,
  hinge: hinges,
  kl_divergence: regression,
  kld: 'kl_divergence',
  log_cosh: 'log_cosh_error',
  log_cosh_error: regression,
  logcosh: 'log_cosh_error',
  mae: 'mean_absolute_error',
  mape: 'mean_absolute_percentage_error',
  mean: () => import('../training/parts.js'),
  mean_absolute_error: regression,
  mean_absolute_percentage_error: regression,
  mean_squared_error: regression,
  mean_squared_logarithmic_error: regression,
  mse: 'mean_squared_error',
  msle: 'mean_squared_logarithmic_error',
  poisson: regression,
  precision: confusion,
  recall: confusion,
  rmse: 'root_mean_squared_error',
  root_mean_squared_error: regression,
  sparse_categorical_accuracy: () => import('./sparse-categorical-accuracy.js'),
  sparse_categorical_crossentropy: () => import('./sparse-categorical-crossentropy.js'),
  sparse_top_k_categorical_accuracy: topK,
  squared_hinge: hinges,
  sum: regression,
  top_k_categorical_accuracy: topK,
  true_negatives: confusion,
  true_positives: confusion,
};
