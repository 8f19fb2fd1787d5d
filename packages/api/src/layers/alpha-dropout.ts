import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { float, int, optional, shape } from '../engine/rows.js';
import type { SeedGenerator } from '../engine/seed-generator.js';
import type { Table } from '../engine/table.js';
import { add, greaterEqual, multiply, where } from '../ops/common.js';
import { uniform } from '../random/distributions.js';
import { Noise, type NoiseOptions } from './noise.js';

type NoiseShape = readonly (number | null)[];

export interface AlphaDropoutOptions extends NoiseOptions {
  /** Shape of the mask; null takes the input's size, 1 shares the choice along an axis. */
  readonly noiseShape?: NoiseShape | undefined;
}

/** What SELU tends to for very negative inputs. */
const saturation = -1.6732632423543772 * 1.0507009873554805;

class AlphaDropoutClass extends Noise {
  declare readonly rate: number;
  declare readonly noiseShape: NoiseShape | undefined;

  static override table(): Table<{ rate: number; noiseShape: NoiseShape | undefined; seed: number | undefined }> {
    return {
      rate: float('rate', undefined, { min: 0, max: 1 }),
      noiseShape: optional(shape('noise_shape')),
      seed: optional(int('seed')),
    };
  }

  protected override amount(): number {
    return this.rate;
  }

  protected override change(x: Tensor, seed: SeedGenerator): Tensor {
    const { rate, noiseShape } = this;
    const drawn = uniform(noiseShape === undefined ? x.shape : noiseShape.map((size, i) => size ?? x.shape[i]!), 0, 1, {
      seed,
    });
    const factor = ((1 - rate) * (1 + rate * saturation ** 2)) ** -0.5;
    return add(multiply(where(greaterEqual(drawn, rate), x, saturation), factor), -factor * saturation * rate);
  }
}

/** Dropout that keeps mean and variance of what SELU gives. */
export interface AlphaDropout extends AlphaDropoutClass {}

export interface AlphaDropoutConstructor {
  /** Sets inputs to what SELU saturates at, with probability `rate` while training, and keeps mean and variance (Klambauer et al., 2017). */
  new (rate: number, noiseShape?: NoiseShape | AlphaDropoutOptions, options?: AlphaDropoutOptions): AlphaDropout;
  /** Sets inputs to what SELU saturates at, with probability `rate` while training, and keeps mean and variance (Klambauer et al., 2017). */
  (rate: number, noiseShape?: NoiseShape | AlphaDropoutOptions, options?: AlphaDropoutOptions): AlphaDropout;
  readonly prototype: AlphaDropout;
}

export const AlphaDropout: AlphaDropoutConstructor = /*#__PURE__*/ define('AlphaDropout', AlphaDropoutClass, {
  module: 'keras.layers',
});
