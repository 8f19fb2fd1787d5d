/** Losses by name, loaded when `compile` meets the name. */

import type { LazyClasses } from '../training/lookup.js';
import type { Loss, LossFunction, LossOptions } from './loss.js';

/** A class that makes a loss. */
export type LossClass = new (options?: LossOptions) => Loss;

/** The names that Keras knows; augment it to have your own completed. */
export interface LossNames {
  bce: true;
  bfce: true;
  binary_crossentropy: true;
  binary_focal_crossentropy: true;
  categorical_crossentropy: true;
  categorical_focal_crossentropy: true;
  categorical_hinge: true;
  cosine_similarity: true;
  hinge: true;
  huber: true;
  kl_divergence: true;
  kld: true;
  kullback_leibler_divergence: true;
  log_cosh: true;
  logcosh: true;
  mae: true;
  mape: true;
  mean_absolute_error: true;
  mean_absolute_percentage_error: true;
  mean_squared_error: true;
  mean_squared_logarithmic_error: true;
  mse: true;
  msle: true;
  poisson: true;
  sparse_categorical_crossentropy: true;
  squared_hinge: true;
}

/** A loss: its name, a function or an object. */
export type LossIdentifier = keyof LossNames | (string & {}) | LossFunction | Loss;

export const lossTable: LazyClasses<keyof LossNames> = {
  bce: 'binary_crossentropy',
  bfce: 'binary_focal_crossentropy',
  binary_crossentropy: () => import('./binary-crossentropy.js'),
  binary_focal_crossentropy: () => import('./binary-focal-crossentropy.js'),
  categorical_crossentropy: () => import('./categorical-crossentropy.js'),
  categorical_focal_crossentropy: () => import('./categorical-focal-crossentropy.js'),
  categorical_hinge: () => import('./categorical-hinge.js'),
  cosine_similarity: () => import('./cosine-similarity.js'),
  hinge: () => import('./hinge.js'),
  huber: () => import('./huber.js'),
  kl_divergence: () => import('./kl-divergence.js'),
  kld: 'kl_divergence',
  kullback_leibler_divergence: 'kl_divergence',
  log_cosh: 'logcosh',
  logcosh: () => import('./log-cosh.js'),
  mae: 'mean_absolute_error',
  mape: 'mean_absolute_percentage_error',
  mean_absolute_error: () => import('./mean-absolute-error.js'),
  mean_absolute_percentage_error: () => import('./mean-absolute-percentage-error.js'),
  mean_squared_error: () => import('./mean-squared-error.js'),
  mean_squared_logarithmic_error: () => import('./mean-squared-logarithmic-error.js'),
  mse: 'mean_squared_error',
  msle: 'mean_squared_logarithmic_error',
  poisson: () => import('./poisson.js'),
  sparse_categorical_crossentropy: () => import('./sparse-categorical-crossentropy.js'),
  squared_hinge: () => import('./squared-hinge.js'),
};
