import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { float, int, optional } from '../engine/rows.js';
import type { SeedGenerator } from '../engine/seed-generator.js';
import type { Table } from '../engine/table.js';
import { add } from '../ops/common.js';
import { normal } from '../random/distributions.js';
import { Noise, type NoiseOptions } from './noise.js';

class GaussianNoiseClass extends Noise {
  declare readonly stddev: number;

  static override table(): Table<{ stddev: number; seed: number | undefined }> {
    return { stddev: float('stddev', undefined, { min: 0, max: 1 }), seed: optional(int('seed')) };
  }

  protected override amount(): number {
    return this.stddev;
  }

  protected override change(x: Tensor, seed: SeedGenerator): Tensor {
    return add(x, normal(x.shape, { stddev: this.stddev, dtype: this.computeDtype, seed }));
  }
}

/** Adds noise while training. */
export interface GaussianNoise extends GaussianNoiseClass {}

export interface GaussianNoiseConstructor {
  /** Adds normally distributed noise while training. @param stddev its standard deviation, from 0 to 1. */
  new (stddev: number, seed?: number | NoiseOptions, options?: NoiseOptions): GaussianNoise;
  /** Adds normally distributed noise while training. @param stddev its standard deviation, from 0 to 1. */
  (stddev: number, seed?: number | NoiseOptions, options?: NoiseOptions): GaussianNoise;
  readonly prototype: GaussianNoise;
}

export const GaussianNoise: GaussianNoiseConstructor = /*#__PURE__*/ define('GaussianNoise', GaussianNoiseClass, {
  module: 'keras.layers',
});
