import type { Tensor } from '@ceratops/core';
import type { Activation as ActivationFunction } from '../activations/activations.js';
import { type ActivationIdentifier, activations } from '../activations/family.js';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { object } from '../engine/rows.js';
import type { Table } from '../engine/table.js';

class ActivationClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly activation: ActivationFunction;

  static override table(): Table<{ activation: ActivationFunction }> {
    return { activation: object('activation', activations) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.buildAtOnce();
  }

  override call(x: Tensor): Tensor {
    return this.activation(x);
  }
}

/** Applies an activation function. */
export interface Activation extends ActivationClass {}

export interface ActivationConstructor {
  /** Applies an activation function, given by name or as a function on tensors. */
  new (activation: ActivationIdentifier, options?: LayerOptions): Activation;
  /** Applies an activation function, given by name or as a function on tensors. */
  (activation: ActivationIdentifier, options?: LayerOptions): Activation;
  readonly prototype: Activation;
}

export const Activation: ActivationConstructor = /*#__PURE__*/ define('Activation', ActivationClass, {
  module: 'keras.layers',
});
