import { type Tensor, tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { oneOf } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { cast } from '../ops/common.js';
import { einsum } from '../ops/einsum.js';
import { type Interpolation, interpolationWeights } from './interpolation.js';
import { UpSampling, type UpSamplingOptions, type UpSamplingSettings, upSamplingTable } from './up-sampling.js';

export interface UpSampling2DOptions extends UpSamplingOptions {
  readonly size?: number | readonly number[] | undefined;
  /** How values between the pixels are found; `nearest` by default. */
  readonly interpolation?: 'nearest' | Interpolation | undefined;
}

interface UpSampling2DSettings extends UpSamplingSettings {
  readonly interpolation: 'nearest' | Interpolation;
}

class UpSampling2DClass extends UpSampling {
  declare readonly interpolation: 'nearest' | Interpolation;

  static override table(): Table<UpSampling2DSettings> {
    const kinds = ['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5'] as const;
    return { ...upSamplingTable(2), interpolation: oneOf('interpolation', kinds, 'nearest') };
  }

  override call(x: Tensor): Tensor {
    const { interpolation } = this;
    if (interpolation === 'nearest') return super.call(x);
    return this.size.reduce((wide, times, i) => stretch(wide, this.firstAxis + i, times, interpolation), x);
  }
}

function stretch(x: Tensor, axis: number, times: number, interpolation: Interpolation): Tensor {
  const size = x.shape[axis]!;
  const weights = tensor(interpolationWeights(interpolation, size, size * times), { shape: [size * times, size] });
  const labels = 'abcd';
  const along = labels[axis]!;
  return einsum(`o${along},${labels}->${labels.replace(along, 'o')}`, cast(weights, x.dtype), x);
}

/** Makes an image a whole number of times as large. */
export interface UpSampling2D extends UpSampling2DClass {}

export interface UpSampling2DConstructor {
  /** Makes an image larger. @param size how many times, 2 by default; one number for both axes. */
  new (size?: number | readonly number[] | UpSampling2DOptions, options?: UpSampling2DOptions): UpSampling2D;
  /** Makes an image larger. @param size how many times, 2 by default; one number for both axes. */
  (size?: number | readonly number[] | UpSampling2DOptions, options?: UpSampling2DOptions): UpSampling2D;
  readonly prototype: UpSampling2D;
}

export const UpSampling2D: UpSampling2DConstructor = /*#__PURE__*/ define('UpSampling2D', UpSampling2DClass, {
  module: 'keras.layers',
});
