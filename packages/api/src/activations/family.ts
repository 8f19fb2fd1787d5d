/** Activations by name. */

import { CeratopsError } from '@ceratops/kernel-registry';
import { canonicalName, unknownName } from '../engine/near-names.js';
import type { Resolver } from '../engine/rows.js';
import * as functions from '../ops/activation-functions.js';
import { tanh } from '../ops/common.js';
import { type Activation, exponential, gelu, linear, relu } from './activations.js';

/** The names that Keras knows; augment it to have your own completed. */
export interface ActivationNames {
  celu: true;
  elu: true;
  exponential: true;
  gelu: true;
  hard_shrink: true;
  hard_sigmoid: true;
  hard_silu: true;
  hard_swish: true;
  hard_tanh: true;
  leaky_relu: true;
  linear: true;
  log_sigmoid: true;
  log_softmax: true;
  mish: true;
  relu: true;
  relu6: true;
  selu: true;
  sigmoid: true;
  silu: true;
  soft_shrink: true;
  sparse_plus: true;
  sparse_sigmoid: true;
  squareplus: true;
  softmax: true;
  softplus: true;
  softsign: true;
  swish: true;
  tanh: true;
  tanh_shrink: true;
}

/** An activation: its name, or any function on tensors. */
export type ActivationIdentifier = keyof ActivationNames | (string & {}) | Activation | ((x: never) => unknown) | null;

/** Names before aliases, so that a function is written down under its own name. */
const byName = (): { readonly [name: string]: unknown } => ({
  relu,
  linear,
  softmax: functions.softmax,
  sigmoid: functions.sigmoid,
  tanh,
  elu: functions.elu,
  celu: functions.celu,
  selu: functions.selu,
  gelu,
  silu: functions.silu,
  softplus: functions.softplus,
  softsign: functions.softsign,
  exponential,
  leaky_relu: functions.leakyRelu,
  relu6: functions.relu6,
  mish: functions.mish,
  hard_sigmoid: functions.hardSigmoid,
  hard_silu: functions.hardSilu,
  hard_tanh: functions.hardTanh,
  hard_shrink: functions.hardShrink,
  soft_shrink: functions.softShrink,
  sparse_plus: functions.sparsePlus,
  sparse_sigmoid: functions.sparseSigmoid,
  squareplus: functions.squareplus,
  tanh_shrink: functions.tanhShrink,
  log_sigmoid: functions.logSigmoid,
  log_softmax: functions.logSoftmax,
  swish: functions.silu,
  hard_swish: functions.hardSilu,
});

function get(identifier: unknown): Activation {
  if (identifier === null || identifier === undefined) return linear as unknown as Activation;
  if (typeof identifier === 'function') return identifier as Activation;
  const table = byName();
  const name = typeof identifier === 'object' ? (identifier as { readonly config?: unknown }).config : identifier;
  const found = Object.keys(table).find(
    (known) => typeof name === 'string' && canonicalName(known) === canonicalName(name),
  );
  if (found === undefined) throw unknownName('activation', name, Object.keys(table));
  return table[found] as Activation;
}

export const activations: Resolver<Activation> = {
  get,
  serialize: (activation) => {
    const name = Object.entries(byName()).find(([, known]) => known === activation)?.[0];
    if (name !== undefined) return name;
    throw new CeratopsError('INVALID_STATE', 'an activation of your own has no name in files', {
      subject: 'activation',
      remedy: 'put it into a layer of your own, made with define()',
    });
  },
};
