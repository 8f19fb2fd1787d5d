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

export const metricTable: LazyClasses<keyof MetricNames> = {
  accuracy: () => import('./accuracy.js'),
  auc: () => import('./auc.js'),
  bce: 'binary_crossentropy',
  binary_accuracy: () => import('./binary-accuracy.js'),
  binary_crossentropy: () => import('./binary-crossentropy.js'),
  categorical_accuracy: () => import('./categorical-accuracy.js'),
  categorical_crossentropy: () => import('./categorical-crossentropy.js'),
  categorical_hinge: () => import('./categorical-hinge.js'),
  cosine_similarity: () => import('./cosine-similarity.js'),
  false_negatives: () => import('./counts.js'),
  false_positives: () => import('./counts.js'),
  hinge: () => import('./hinge.js'),
  kl_divergence: () => import('./kl-divergence.js'),
  kld: 'kl_divergence',
  log_cosh: 'log_cosh_error',
  log_cosh_error: () => import('./log-cosh-error.js'),
  logcosh: 'log_cosh_error',
  mae: 'mean_absolute_error',
  mape: 'mean_absolute_percentage_error',
  mean: () => import('../training/parts.js'),
  mean_absolute_error: () => import('./mean-absolute-error.js'),
  mean_absolute_percentage_error: () => import('./mean-absolute-percentage-error.js'),
  mean_squared_error: () => import('./mean-squared-error.js'),
  mean_squared_logarithmic_error: () => import('./mean-squared-logarithmic-error.js'),
  mse: 'mean_squared_error',
  msle: 'mean_squared_logarithmic_error',
  poisson: () => import('./poisson.js'),
  precision: () => import('./precision.js'),
  recall: () => import('./recall.js'),
  rmse: 'root_mean_squared_error',
  root_mean_squared_error: () => import('./root-mean-squared-error.js'),
  sparse_categorical_accuracy: () => import('./sparse-categorical-accuracy.js'),
  sparse_categorical_crossentropy: () => import('./sparse-categorical-crossentropy.js'),
  sparse_top_k_categorical_accuracy: () => import('./sparse-top-k-categorical-accuracy.js'),
  squared_hinge: () => import('./squared-hinge.js'),
  sum: () => import('./sum.js'),
  top_k_categorical_accuracy: () => import('./top-k-categorical-accuracy.js'),
  true_negatives: () => import('./counts.js'),
  true_positives: () => import('./counts.js'),
};
