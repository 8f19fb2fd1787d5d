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

const regression = () => import('./regression-losses.js');
const hinges = () => import('./hinge-losses.js');
const crossentropies = () => import('./crossentropy-losses.js');

export const lossTable: LazyClasses<keyof LossNames> = {
  bce: 'binary_crossentropy',
  bfce: 'binary_focal_crossentropy',
  binary_crossentropy: crossentropies,
  binary_focal_crossentropy: crossentropies,
  categorical_crossentropy: crossentropies,
  categorical_focal_crossentropy: crossentropies,
  categorical_hinge: hinges,
  cosine_similarity: regression,
  hinge: hinges,
  huber: regression,
  kl_divergence: regression,
  kld: 'kl_divergence',
  kullback_leibler_divergence: 'kl_divergence',
  log_cosh: 'logcosh',
  logcosh: regression,
  mae: 'mean_absolute_error',
  mape: 'mean_absolute_percentage_error',
  mean_absolute_error: regression,
  mean_absolute_percentage_error: regression,
  mean_squared_error: regression,
  mean_squared_logarithmic_error: regression,
  mse: 'mean_squared_error',
  msle: 'mean_squared_logarithmic_error',
  poisson: regression,
  sparse_categorical_crossentropy: () => import('./sparse-categorical-crossentropy.js'),
  squared_hinge: hinges,
};
