import type { Tensor } from '@ceratops/core';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
import { float, int, optional, shape } from '../engine/rows.js';
import { SeedGenerator } from '../engine/seed-generator.js';
import type { Table } from '../engine/table.js';
import { dropout } from '../random/distributions.js';

type NoiseShape = readonly (number | null)[];

export interface DropoutOptions extends LayerOptions {
  /** Shape of the mask; null takes the input's size, 1 shares the choice along an axis. */
  readonly noiseShape?: NoiseShape | undefined;
  /** Of the layer's own random stream; drawn when absent. */
  readonly seed?: number | undefined;
}

class DropoutClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly rate: number;
  declare readonly noiseShape: NoiseShape | undefined;
  declare readonly seed: number | undefined;
  readonly seedGenerator: SeedGenerator | undefined;

  static override table(): Table<{ rate: number; noiseShape: NoiseShape | undefined; seed: number | undefined }> {
    return {
      rate: float('rate', undefined, { min: 0, max: 1 }),
      noiseShape: optional(shape('noise_shape')),
      seed: optional(int('seed')),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.seedGenerator = this.rate > 0 ? new SeedGenerator(this.seed) : undefined;
    this.supportsMasking = true;
    this.buildAtOnce();
  }

  override call(x: Tensor, { training }: CallOptions): Tensor {
    if (!training || this.seedGenerator === undefined) return x;
    return dropout(x, this.rate, { noiseShape: this.noiseShape, seed: this.seedGenerator });
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape;
  }
}

/** Randomly sets inputs to 0 while training. */
export interface Dropout extends DropoutClass {}

export interface DropoutConstructor {
  /** Sets inputs to 0 with probability `rate` while training, and scales the others by 1 / (1 - rate). */
  new (rate: number, noiseShape?: NoiseShape | DropoutOptions, options?: DropoutOptions): Dropout;
  /** Sets inputs to 0 with probability `rate` while training, and scales the others by 1 / (1 - rate). */
  (rate: number, noiseShape?: NoiseShape | DropoutOptions, options?: DropoutOptions): Dropout;
  readonly prototype: Dropout;
}

export const Dropout: DropoutConstructor = /*#__PURE__*/ define('Dropout', DropoutClass, { module: 'keras.layers' });
