import type { Tensor } from '@ceratops/core';
import { isFloating } from '@ceratops/kernel-registry';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
import { axes } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { greater, softmax, where } from '../ops/common.js';

export interface SoftmaxOptions extends LayerOptions {
  /** The last by default. */
  readonly axis?: number | readonly number[] | undefined;
}

/** Far below every score, yet finite in the dtype. */
const hidden = { float16: -3e4 } as { readonly [dtype: string]: number | undefined };

class SoftmaxClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly axis: number | readonly number[];

  static override table(): Table<{ axis: number | readonly number[] }> {
    return { axis: axes('axis', -1) };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = true;
    this.buildAtOnce();
  }

  override call(x: Tensor, { mask }: CallOptions): Tensor {
    if (mask === undefined || mask === null) return softmax(x, this.axis);
    const given = mask as Tensor;
    const visible = given.dtype === 'bool' ? given : greater(given, isFloating(given.dtype) ? 0.5 : 0);
    return where(visible, softmax(where(visible, x, hidden[x.dtype] ?? -1e9), this.axis), 0);
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape;
  }
}

/** Probabilities along axes. */
export interface Softmax extends SoftmaxClass {}

export interface SoftmaxConstructor {
  /** Probabilities along an axis (the last) or several; masked positions get 0. */
  new (axis?: number | readonly number[] | SoftmaxOptions, options?: SoftmaxOptions): Softmax;
  /** Probabilities along an axis (the last) or several; masked positions get 0. */
  (axis?: number | readonly number[] | SoftmaxOptions, options?: SoftmaxOptions): Softmax;
  readonly prototype: Softmax;
}

export const Softmax: SoftmaxConstructor = /*#__PURE__*/ define('Softmax', SoftmaxClass, { module: 'keras.layers' });
