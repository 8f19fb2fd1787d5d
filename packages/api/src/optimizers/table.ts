/** Optimizers by name, loaded when `compile` meets the name. */

import type { LazyClasses } from '../training/lookup.js';
import type { Optimizer } from './optimizer.js';
import type { OptimizerOptions } from './options.js';

/** A class that makes an optimizer. */
export type OptimizerClass = new (options?: OptimizerOptions) => Optimizer;

/** The names that Keras knows; augment it to have your own completed. */
export interface OptimizerNames {
  adadelta: true;
  adagrad: true;
  adam: true;
  adamax: true;
  adamw: true;
  lion: true;
  nadam: true;
  rmsprop: true;
  sgd: true;
}

/** An optimizer: its name or an object. */
export type OptimizerIdentifier = keyof OptimizerNames | (string & {}) | Optimizer;

export const optimizerTable: LazyClasses<keyof OptimizerNames> = {
  adadelta: () => import('./adadelta.js'),
  adagrad: () => import('./adagrad.js'),
  adam: () => import('./adam.js'),
  adamax: () => import('./adamax.js'),
  adamw: () => import('./adamw.js'),
  lion: () => import('./lion.js'),
  nadam: () => import('./nadam.js'),
  rmsprop: () => import('./rmsprop.js'),
  sgd: () => import('./sgd.js'),
};
