import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { axes, float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { rmsNormalization } from '../ops/normalization.js';
import { normalizeAxis } from '../ops/support.js';
import { knownSize } from './weights.js';

type Axes = number | readonly number[];

export interface RMSNormalizationOptions extends LayerOptions {
  /** The axes that are normalized together, -1 by default. */
  readonly axis?: Axes | undefined;
  /** Added to the mean square, 1e-6 by default. */
  readonly epsilon?: number | undefined;
}

class RMSNormalizationClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare axis: Axes;
  declare readonly epsilon: number;
  scale: Weight | undefined;

  static override table(): Table<{ axis: Axes; epsilon: number }> {
    return { axis: axes('axis', -1), epsilon: float('epsilon', 1e-6) };
  }

  override build(inputShape: SymbolicShape): void {
    const list = [this.axis].flat().sort((a, b) => a - b);
    this.axis = list;
    const shape = list.map((axis) => knownSize(this, inputShape, normalizeAxis(axis, inputShape.length, `${this}`)));
    this.scale = this.addWeight({ name: 'scale', shape, initializer: 'ones' });
  }

  override call(x: Tensor): Tensor {
    const { scale, axis, epsilon } = this;
    return rmsNormalization(x, { scale: scale!.value, axis, epsilon });
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    for (const axis of [this.axis].flat()) normalizeAxis(axis, inputShape.length, `${this}`);
    return inputShape;
  }
}

/** Divides each sample by the root of its mean square. */
export interface RMSNormalization extends RMSNormalizationClass {}

export interface RMSNormalizationConstructor {
  /** Divides each sample by the root of its mean square over axes, the last by default (Zhang and Sennrich, 2019). */
  new (axis?: Axes | RMSNormalizationOptions, options?: RMSNormalizationOptions): RMSNormalization;
  /** Divides each sample by the root of its mean square over axes, the last by default (Zhang and Sennrich, 2019). */
  (axis?: Axes | RMSNormalizationOptions, options?: RMSNormalizationOptions): RMSNormalization;
  readonly prototype: RMSNormalization;
}

export const RMSNormalization: RMSNormalizationConstructor = /*#__PURE__*/ define(
  'RMSNormalization',
  RMSNormalizationClass,
  {
    module: 'keras.layers',
  },
);
