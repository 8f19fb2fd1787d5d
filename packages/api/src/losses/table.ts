/** Losses by name, loaded when `compile` meets the name. */

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

export const lossTable: { readonly [K in keyof LossNames]: () => Promise<LossClass> } = {
  bce: () => import('./binary-crossentropy.js').then((m) => m.BinaryCrossentropy as unknown as LossClass),
  bfce: () => import('./binary-focal-crossentropy.js').then((m) => m.BinaryFocalCrossentropy as unknown as LossClass),
  binary_crossentropy: () =>
    import('./binary-crossentropy.js').then((m) => m.BinaryCrossentropy as unknown as LossClass),
  binary_focal_crossentropy: () =>
    import('./binary-focal-crossentropy.js').then((m) => m.BinaryFocalCrossentropy as unknown as LossClass),
  categorical_crossentropy: () =>
    import('./categorical-crossentropy.js').then((m) => m.CategoricalCrossentropy as unknown as LossClass),
  categorical_focal_crossentropy: () =>
    import('./categorical-focal-crossentropy.js').then((m) => m.CategoricalFocalCrossentropy as unknown as LossClass),
  categorical_hinge: () => import('./categorical-hinge.js').then((m) => m.CategoricalHinge as unknown as LossClass),
  cosine_similarity: () => import('./cosine-similarity.js').then((m) => m.CosineSimilarity as unknown as LossClass),
  hinge: () => import('./hinge.js').then((m) => m.Hinge as unknown as LossClass),
  huber: () => import('./huber.js').then((m) => m.Huber as unknown as LossClass),
  kl_divergence: () => import('./kl-divergence.js').then((m) => m.KLDivergence as unknown as LossClass),
  kld: () => import('./kl-divergence.js').then((m) => m.KLDivergence as unknown as LossClass),
  kullback_leibler_divergence: () => import('./kl-divergence.js').then((m) => m.KLDivergence as unknown as LossClass),
  log_cosh: () => import('./log-cosh.js').then((m) => m.LogCosh as unknown as LossClass),
  logcosh: () => import('./log-cosh.js').then((m) => m.LogCosh as unknown as LossClass),
  mae: () => import('./mean-absolute-error.js').then((m) => m.MeanAbsoluteError as unknown as LossClass),
  mape: () =>
    import('./mean-absolute-percentage-error.js').then((m) => m.MeanAbsolutePercentageError as unknown as LossClass),
  mean_absolute_error: () =>
    import('./mean-absolute-error.js').then((m) => m.MeanAbsoluteError as unknown as LossClass),
  mean_absolute_percentage_error: () =>
    import('./mean-absolute-percentage-error.js').then((m) => m.MeanAbsolutePercentageError as unknown as LossClass),
  mean_squared_error: () => import('./mean-squared-error.js').then((m) => m.MeanSquaredError as unknown as LossClass),
  mean_squared_logarithmic_error: () =>
    import('./mean-squared-logarithmic-error.js').then((m) => m.MeanSquaredLogarithmicError as unknown as LossClass),
  mse: () => import('./mean-squared-error.js').then((m) => m.MeanSquaredError as unknown as LossClass),
  msle: () =>
    import('./mean-squared-logarithmic-error.js').then((m) => m.MeanSquaredLogarithmicError as unknown as LossClass),
  poisson: () => import('./poisson.js').then((m) => m.Poisson as unknown as LossClass),
  sparse_categorical_crossentropy: () =>
    import('./sparse-categorical-crossentropy.js').then((m) => m.SparseCategoricalCrossentropy as unknown as LossClass),
  squared_hinge: () => import('./squared-hinge.js').then((m) => m.SquaredHinge as unknown as LossClass),
};
