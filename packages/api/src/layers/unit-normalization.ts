import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { axes } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { normalize } from '../ops/normalize.js';
import { normalizeAxis } from '../ops/support.js';

type Axes = number | readonly number[];

class UnitNormalizationClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly axis: Axes;

  static override table(): Table<{ axis: Axes }> {
    return { axis: axes('axis', -1) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.buildAtOnce();
  }

  override call(x: Tensor): Tensor {
    return normalize(x, { axis: this.axis, order: 2, epsilon: 1e-12 });
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    for (const axis of [this.axis].flat()) normalizeAxis(axis, inputShape.length, `${this}`);
    return inputShape;
  }
}

/** Divides each sample by its length. */
export interface UnitNormalization extends UnitNormalizationClass {}

export interface UnitNormalizationConstructor {
  /** Divides by the L2 norm along axes, the last by default. */
  new (axis?: Axes | (LayerOptions & { readonly axis?: Axes }), options?: LayerOptions): UnitNormalization;
  /** Divides by the L2 norm along axes, the last by default. */
  (axis?: Axes | (LayerOptions & { readonly axis?: Axes }), options?: LayerOptions): UnitNormalization;
  readonly prototype: UnitNormalization;
}

export const UnitNormalization: UnitNormalizationConstructor = /*#__PURE__*/ define(
  'UnitNormalization',
  UnitNormalizationClass,
  { module: 'keras.layers' },
);
