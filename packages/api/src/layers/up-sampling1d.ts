import { define } from '../engine/define.js';
import type { LayerOptions } from '../engine/layer.js';
import type { AnyTable } from '../engine/table.js';
import { UpSampling, upSamplingTable } from './up-sampling.js';

class UpSampling1DClass extends UpSampling {
  static override table(): AnyTable {
    const { size } = upSamplingTable(1);
    return { size: { ...size, serialize: ([times]) => times! } };
  }
}

/** Each step of a sequence again and again. */
export interface UpSampling1D extends UpSampling1DClass {}

export interface UpSampling1DConstructor {
  /** Each step of a sequence `size` times, 2 by default. */
  new (size?: number | (LayerOptions & { readonly size?: number }), options?: LayerOptions): UpSampling1D;
  /** Each step of a sequence `size` times, 2 by default. */
  (size?: number | (LayerOptions & { readonly size?: number }), options?: LayerOptions): UpSampling1D;
  readonly prototype: UpSampling1D;
}

export const UpSampling1D: UpSampling1DConstructor = /*#__PURE__*/ define('UpSampling1D', UpSampling1DClass, {
  module: 'keras.layers',
});
