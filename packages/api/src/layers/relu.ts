import type { Tensor } from '@ceratops/core';
import { relu } from '../activations/activations.js';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { float, optional } from '../engine/rows.js';
import type { Table } from '../engine/table.js';

export interface ReLUOptions extends LayerOptions {
  /** The largest output; none by default. */
  readonly maxValue?: number | undefined;
  /** Slope below the threshold, 0 by default. */
  readonly negativeSlope?: number | undefined;
  /** 0 by default. */
  readonly threshold?: number | undefined;
}

class ReLUClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly maxValue: number | undefined;
  declare readonly negativeSlope: number;
  declare readonly threshold: number;

  static override table(): Table<{ maxValue: number | undefined; negativeSlope: number; threshold: number }> {
    return {
      maxValue: optional(float('max_value', undefined, { min: 0 })),
      negativeSlope: float('negative_slope', 0, { min: 0 }),
      threshold: float('threshold', 0, { min: 0 }),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.buildAtOnce();
  }

  override call(x: Tensor): Tensor {
    const { negativeSlope, maxValue, threshold } = this;
    return relu(x, { negativeSlope, maxValue, threshold });
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape;
  }
}

/** The rectified linear unit. */
export interface ReLU extends ReLUClass {}

export interface ReLUConstructor {
  /** max(x, 0), with an optional ceiling, slope and threshold. */
  new (maxValue?: number | ReLUOptions, options?: ReLUOptions): ReLU;
  /** max(x, 0), with an optional ceiling, slope and threshold. */
  (maxValue?: number | ReLUOptions, options?: ReLUOptions): ReLU;
  readonly prototype: ReLU;
}

export const ReLU: ReLUConstructor = /*#__PURE__*/ define('ReLU', ReLUClass, { module: 'keras.layers' });
