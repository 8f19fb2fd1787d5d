import type { Tensor } from '@ceratops/core';
import type { Constraint } from '../constraints/constraint.js';
import type { ConstraintIdentifier } from '../constraints/family.js';
import { define } from '../engine/define.js';
import { type InputSpecs, oneTensor } from '../engine/input-spec.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { bool, int } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { InitializerIdentifier } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { cast, notEqual } from '../ops/common.js';
import { take } from '../ops/gathering.js';
import type { RegularizerIdentifier } from '../regularizers/family.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { withActivityRegularizer } from './support.js';
import { addNamedWeight, type WeightSettings, weightRows } from './weights.js';

export interface EmbeddingOptions extends LayerOptions {
  /** `uniform` by default. */
  readonly embeddingsInitializer?: InitializerIdentifier | undefined;
  readonly embeddingsRegularizer?: RegularizerIdentifier | undefined;
  readonly embeddingsConstraint?: ConstraintIdentifier | undefined;
  /** Whether index 0 is padding, which later layers skip. */
  readonly maskZero?: boolean | undefined;
}

interface EmbeddingSettings extends WeightSettings<'embeddings'> {
  readonly inputDim: number;
  readonly outputDim: number;
  readonly maskZero: boolean;
}

class EmbeddingClass extends Layer {
  override inputSpec: InputSpecs | undefined = oneTensor;
  declare readonly inputDim: number;
  declare readonly outputDim: number;
  declare readonly embeddingsInitializer: Initializer;
  declare readonly embeddingsRegularizer: Regularizer | undefined;
  declare readonly embeddingsConstraint: Constraint | undefined;
  declare readonly maskZero: boolean;
  embeddings: Weight | undefined;

  static override table(): Table<EmbeddingSettings> {
    return {
      inputDim: int('input_dim', undefined, { min: 1 }),
      outputDim: int('output_dim', undefined, { min: 1 }),
      ...weightRows('embeddings', 'uniform'),
      maskZero: bool('mask_zero', false),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.supportsMasking = this.maskZero;
    this.autocast = false;
  }

  override build(_inputShape: SymbolicShape): void {
    this.embeddings = addNamedWeight(this, 'embeddings', [this.inputDim, this.outputDim]);
  }

  override call(x: Tensor): Tensor {
    const indices = x.dtype === 'int32' || x.dtype === 'int64' ? x : cast(x, 'int32');
    return cast(take(this.embeddings!, indices, 0), this.computeDtype);
  }

  override computeMask(inputs: unknown): unknown {
    return this.maskZero ? notEqual(inputs as Tensor, 0) : undefined;
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return [...inputShape, this.outputDim];
  }

  override getConfig(): Config {
    return { ...withActivityRegularizer(super.getConfig()), quantization_config: null };
  }
}

/** A vector per index. */
export interface Embedding extends EmbeddingClass {}

export interface EmbeddingConstructor {
  /**
   * Turns indices into vectors.
   * @param inputDim how many indices there are.
   * @param outputDim the length of the vectors.
   */
  new (
    inputDim: number,
    outputDim: number,
    embeddingsInitializer?: InitializerIdentifier | EmbeddingOptions,
    options?: EmbeddingOptions,
  ): Embedding;
  /**
   * Turns indices into vectors.
   * @param inputDim how many indices there are.
   * @param outputDim the length of the vectors.
   */
  (
    inputDim: number,
    outputDim: number,
    embeddingsInitializer?: InitializerIdentifier | EmbeddingOptions,
    options?: EmbeddingOptions,
  ): Embedding;
  readonly prototype: Embedding;
}

export const Embedding: EmbeddingConstructor = /*#__PURE__*/ define('Embedding', EmbeddingClass, {
  module: 'keras.layers',
});
