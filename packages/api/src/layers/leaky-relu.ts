import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { leakyRelu } from '../ops/common.js';

class LeakyReLUClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly negativeSlope: number;

  static override table(): Table<{ negativeSlope: number }> {
    return { negativeSlope: float('negative_slope', 0.3, { min: 0 }) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.buildAtOnce();
  }

  override call(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape;
  }
}

/** The rectified linear unit with a slope below 0. */
export interface LeakyReLU extends LeakyReLUClass {}

export interface LeakyReLUConstructor {
  /** x, times `negativeSlope` where negative, 0.3 by default. */
  new (negativeSlope?: number | LayerOptions, options?: LayerOptions): LeakyReLU;
  /** x, times `negativeSlope` where negative, 0.3 by default. */
  (negativeSlope?: number | LayerOptions, options?: LayerOptions): LeakyReLU;
  readonly prototype: LeakyReLU;
}

export const LeakyReLU: LeakyReLUConstructor = /*#__PURE__*/ define('LeakyReLU', LeakyReLUClass, {
  module: 'keras.layers',
});
