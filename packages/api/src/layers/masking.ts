import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { expandDims, notEqual, where } from '../ops/common.js';
import { any } from '../ops/logical-reductions.js';

class MaskingClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly maskValue: number;

  static override table(): Table<{ maskValue: number }> {
    return { maskValue: float('mask_value', 0) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.buildAtOnce();
  }

  override call(x: Tensor): Tensor {
    return where(expandDims(this.computeMask(x), -1), x, 0);
  }

  override computeMask(x: unknown): Tensor {
    return any(notEqual(x as Tensor, this.maskValue), -1);
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape;
  }
}

/** Masks the steps of a sequence whose features all have one value. */
export interface Masking extends MaskingClass {}

export interface MaskingConstructor {
  /** Masks the steps of a sequence whose features are all `maskValue`, 0 by default, and sets them to 0. */
  new (maskValue?: number | LayerOptions, options?: LayerOptions): Masking;
  /** Masks the steps of a sequence whose features are all `maskValue`, 0 by default, and sets them to 0. */
  (maskValue?: number | LayerOptions, options?: LayerOptions): Masking;
  readonly prototype: Masking;
}

export const Masking: MaskingConstructor = /*#__PURE__*/ define('Masking', MaskingClass, { module: 'keras.layers' });
