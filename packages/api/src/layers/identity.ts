import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { Layer, type LayerOptions } from '../engine/layer.js';

class IdentityClass extends Layer {
  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.buildAtOnce();
  }

  override call(x: Tensor): Tensor {
    return x;
  }
}

/** Gives back its input. */
export interface Identity extends IdentityClass {}

export interface IdentityConstructor {
  /** Gives back its input. */
  new (options?: LayerOptions): Identity;
  /** Gives back its input. */
  (options?: LayerOptions): Identity;
  readonly prototype: Identity;
}

export const Identity: IdentityConstructor = /*#__PURE__*/ define('Identity', IdentityClass, {
  module: 'keras.layers',
});
