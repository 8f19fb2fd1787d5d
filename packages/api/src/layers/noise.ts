/** What the layers share that change their input at random while training. */

import type { Tensor } from '@ceratops/core';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { type CallOptions, Layer, type LayerOptions } from '../engine/layer.js';
import { SeedGenerator } from '../engine/seed-generator.js';

export interface NoiseOptions extends LayerOptions {
  /** Of the layer's own random stream; drawn when absent. */
  readonly seed?: number | undefined;
}

export abstract class Noise extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly seed: number | undefined;
  readonly seedGenerator: SeedGenerator | undefined;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.seedGenerator = this.amount() > 0 ? new SeedGenerator(this.seed) : undefined;
    this.supportsMasking = true;
    this.buildAtOnce();
  }

  /** How much is changed; nothing when 0. */
  protected abstract amount(): number;

  protected abstract change(x: Tensor, seed: SeedGenerator): Tensor;

  override call(x: Tensor, { training }: CallOptions): Tensor {
    return training && this.seedGenerator !== undefined ? this.change(x, this.seedGenerator) : x;
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return inputShape;
  }
}
