/** Optimizers by name, loaded when `compile` meets the name. */

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

export const optimizerTable: { readonly [K in keyof OptimizerNames]: () => Promise<OptimizerClass> } = {
  adadelta: () => import('./adadelta.js').then((m) => m.Adadelta as unknown as OptimizerClass),
  adagrad: () => import('./adagrad.js').then((m) => m.Adagrad as unknown as OptimizerClass),
  adam: () => import('./adam.js').then((m) => m.Adam as unknown as OptimizerClass),
  adamax: () => import('./adamax.js').then((m) => m.Adamax as unknown as OptimizerClass),
  adamw: () => import('./adamw.js').then((m) => m.AdamW as unknown as OptimizerClass),
  lion: () => import('./lion.js').then((m) => m.Lion as unknown as OptimizerClass),
  nadam: () => import('./nadam.js').then((m) => m.Nadam as unknown as OptimizerClass),
  rmsprop: () => import('./rmsprop.js').then((m) => m.RMSprop as unknown as OptimizerClass),
  sgd: () => import('./sgd.js').then((m) => m.SGD as unknown as OptimizerClass),
};
