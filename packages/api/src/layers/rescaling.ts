import type { NestedArray, Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { json } from '../engine/list-rows.js';
import type { Json, Table } from '../engine/table.js';
import { add, cast, convertToTensor, multiply } from '../ops/common.js';

/** A number, or one per channel. */
type Factor = number | readonly number[];

export interface RescalingOptions extends LayerOptions {
  readonly offset?: Factor | undefined;
}

class RescalingClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly scale: Json;
  declare readonly offset: Json;

  static override table(): Table<{ scale: Json; offset: Json }> {
    return { scale: json('scale'), offset: json('offset', 0) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
  }

  override call(x: Tensor): Tensor {
    const dtype = this.computeDtype;
    const factor = (value: Json): Tensor | number => {
      return typeof value === 'number' ? value : convertToTensor(value as NestedArray, dtype);
    };
    return add(multiply(cast(x, dtype), factor(this.scale)), factor(this.offset));
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape;
  }
}

/** `x · scale + offset`. */
export interface Rescaling extends RescalingClass {}

export interface RescalingConstructor {
  /** `x · scale + offset`, for instance `Rescaling(1 / 255)` for images. */
  new (scale: Factor, offset?: Factor | RescalingOptions, options?: RescalingOptions): Rescaling;
  /** `x · scale + offset`, for instance `Rescaling(1 / 255)` for images. */
  (scale: Factor, offset?: Factor | RescalingOptions, options?: RescalingOptions): Rescaling;
  readonly prototype: Rescaling;
}

export const Rescaling: RescalingConstructor = /*#__PURE__*/ define('Rescaling', RescalingClass, {
  module: 'keras.layers',
});
