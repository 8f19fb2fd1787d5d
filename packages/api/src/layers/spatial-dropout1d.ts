import { define } from '../engine/define.js';
import type { AnyTable } from '../engine/table.js';
import type { NoiseOptions } from './noise.js';
import { SpatialDropout, spatialDropoutTable } from './spatial-dropout.js';

class SpatialDropout1DClass extends SpatialDropout {
  static override table(): AnyTable {
    const { rate, seed } = spatialDropoutTable();
    return { rate, seed };
  }

  protected override dimensions(): number {
    return 1;
  }
}

/** Drops whole channels of sequences while training. */
export interface SpatialDropout1D extends SpatialDropout1DClass {}

export interface SpatialDropout1DConstructor {
  /** Sets whole channels to 0 with probability `rate` while training, and scales the others by 1 / (1 - rate). */
  new (rate: number, seed?: number | NoiseOptions, options?: NoiseOptions): SpatialDropout1D;
  /** Sets whole channels to 0 with probability `rate` while training, and scales the others by 1 / (1 - rate). */
  (rate: number, seed?: number | NoiseOptions, options?: NoiseOptions): SpatialDropout1D;
  readonly prototype: SpatialDropout1D;
}

export const SpatialDropout1D: SpatialDropout1DConstructor = /*#__PURE__*/ define(
  'SpatialDropout1D',
  SpatialDropout1DClass,
  {
    module: 'keras.layers',
  },
);
