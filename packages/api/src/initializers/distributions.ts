/** Initializers that draw from one distribution, whatever the shape. */

import type { Tensor } from '@ceratops/core';
import type { DType, Shape } from '@ceratops/kernel-registry';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { float } from '../engine/rows.js';
import type { Table } from '../engine/table.js';
import { normal, truncatedNormal, uniform } from '../random/distributions.js';
import { RandomInitializer, type Seed, type SeedOptions, seedRow } from './initializer.js';

const module = 'keras.initializers';

interface NormalSettings {
  mean: number;
  stddev: number;
  seed: Seed | undefined;
}

export interface NormalOptions extends SeedOptions {
  readonly mean?: number | undefined;
  readonly stddev?: number | undefined;
}

class NormalInitializer extends RandomInitializer {
  declare readonly mean: number;
  declare readonly stddev: number;

  static override table(): Table<NormalSettings> {
    return { mean: float('mean', 0), stddev: float('stddev', 0.05), seed: seedRow() };
  }

  override invoke(shape: Shape, dtype?: DType): Tensor {
    return normal(shape, { mean: this.mean, stddev: this.stddev, dtype, seed: this.drawnSeed });
  }
}

class RandomNormalClass extends NormalInitializer {}

export interface RandomNormal extends RandomNormalClass {}
/** Normal with the given mean (0) and standard deviation (0.05). */
export const RandomNormal: Construct<[mean?: number | NormalOptions, options?: NormalOptions], RandomNormal> =
  /*#__PURE__*/ define('RandomNormal', RandomNormalClass, { module });

class TruncatedNormalClass extends NormalInitializer {
  override invoke(shape: Shape, dtype?: DType): Tensor {
    return truncatedNormal(shape, { mean: this.mean, stddev: this.stddev, dtype, seed: this.drawnSeed });
  }
}

export interface TruncatedNormal extends TruncatedNormalClass {}
/** Normal, redrawn outside two standard deviations. */
export const TruncatedNormal: Construct<[mean?: number | NormalOptions, options?: NormalOptions], TruncatedNormal> =
  /*#__PURE__*/ define('TruncatedNormal', TruncatedNormalClass, { module });

export interface UniformOptions extends SeedOptions {
  readonly minval?: number | undefined;
  readonly maxval?: number | undefined;
}

class RandomUniformClass extends RandomInitializer {
  declare readonly minval: number;
  declare readonly maxval: number;

  static override table(): Table<{ minval: number; maxval: number; seed: Seed | undefined }> {
    return { minval: float('minval', -0.05), maxval: float('maxval', 0.05), seed: seedRow() };
  }

  override invoke(shape: Shape, dtype?: DType): Tensor {
    return uniform(shape, this.minval, this.maxval, { dtype, seed: this.drawnSeed });
  }
}

export interface RandomUniform extends RandomUniformClass {}
/** Uniform from minval (-0.05) to maxval (0.05). */
export const RandomUniform: Construct<[minval?: number | UniformOptions, options?: UniformOptions], RandomUniform> =
  /*#__PURE__*/ define('RandomUniform', RandomUniformClass, { module });
