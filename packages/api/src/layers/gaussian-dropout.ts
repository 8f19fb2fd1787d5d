import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { float, int, optional } from '../engine/rows.js';
import type { SeedGenerator } from '../engine/seed-generator.js';
import type { Table } from '../engine/table.js';
import { multiply } from '../ops/common.js';
import { normal } from '../random/distributions.js';
import { Noise, type NoiseOptions } from './noise.js';

class GaussianDropoutClass extends Noise {
  declare readonly rate: number;

  static override table(): Table<{ rate: number; seed: number | undefined }> {
    return { rate: float('rate', undefined, { min: 0, max: 1 }), seed: optional(int('seed')) };
  }

  protected override amount(): number {
    return this.rate;
  }

  protected override change(x: Tensor, seed: SeedGenerator): Tensor {
    const stddev = Math.sqrt(this.rate / (1 - this.rate));
    return multiply(x, normal(x.shape, { mean: 1, stddev, dtype: this.computeDtype, seed }));
  }
}

/** Multiplies by noise around 1 while training. */
export interface GaussianDropout extends GaussianDropoutClass {}

export interface GaussianDropoutConstructor {
  /** Multiplies by normally distributed noise of mean 1 and deviation √(rate / (1 - rate)) while training. */
  new (rate: number, seed?: number | NoiseOptions, options?: NoiseOptions): GaussianDropout;
  /** Multiplies by normally distributed noise of mean 1 and deviation √(rate / (1 - rate)) while training. */
  (rate: number, seed?: number | NoiseOptions, options?: NoiseOptions): GaussianDropout;
  readonly prototype: GaussianDropout;
}

export const GaussianDropout: GaussianDropoutConstructor = /*#__PURE__*/ define(
  'GaussianDropout',
  GaussianDropoutClass,
  { module: 'keras.layers' },
);
