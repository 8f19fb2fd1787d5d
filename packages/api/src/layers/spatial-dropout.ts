/** What SpatialDropout1D, 2D and 3D share: whole channels are dropped. */

import type { Tensor } from '@ceratops/core';
import { float, int, optional } from '../engine/rows.js';
import type { SeedGenerator } from '../engine/seed-generator.js';
import type { Config, Table } from '../engine/table.js';
import { dropout } from '../random/distributions.js';
import { Noise, type NoiseOptions } from './noise.js';
import { channelAxis, type DataFormat, dataFormatRow } from './support.js';

export interface SpatialDropoutOptions extends NoiseOptions {
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
}

export interface SpatialDropoutSettings {
  readonly rate: number;
  readonly dataFormat: DataFormat;
  readonly seed: number | undefined;
}

export function spatialDropoutTable(): Table<SpatialDropoutSettings> {
  return {
    rate: float('rate', undefined, { min: 0, max: 1 }),
    dataFormat: dataFormatRow(),
    seed: optional(int('seed')),
  };
}

export abstract class SpatialDropout extends Noise {
  declare readonly rate: number;
  declare readonly dataFormat: DataFormat | undefined;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: this.dimensions() + 2 };
  }

  /** How many spatial axes there are. */
  protected abstract dimensions(): number;

  protected override amount(): number {
    return this.rate;
  }

  protected override change(x: Tensor, seed: SeedGenerator): Tensor {
    const channels = channelAxis(this.dataFormat ?? 'channels_last', x.shape.length);
    const noiseShape = x.shape.map((size, axis) => (axis === 0 || axis === channels ? size : 1));
    return dropout(x, this.rate, { noiseShape, seed });
  }

  /** Keras keeps only these keys, and the dtype as a name. */
  override getConfig(): Config {
    const { trainable: _, ...config } = super.getConfig();
    return { ...config, dtype: this.dtype };
  }
}

/** The constructor of a layer that drops channels. */
export interface SpatialDropoutConstructor<T> {
  /** Sets whole channels to 0 with probability `rate` while training, and scales the others by 1 / (1 - rate). */
  new (rate: number, dataFormat?: DataFormat | SpatialDropoutOptions, options?: SpatialDropoutOptions): T;
  /** Sets whole channels to 0 with probability `rate` while training, and scales the others by 1 / (1 - rate). */
  (rate: number, dataFormat?: DataFormat | SpatialDropoutOptions, options?: SpatialDropoutOptions): T;
  readonly prototype: T;
}
