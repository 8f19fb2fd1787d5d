import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { int } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import { FunctionLoss, type LossOptions } from '../training/parts.js';
import { cosineSimilarity } from './regression-functions.js';

export interface CosineSimilarityOptions extends LossOptions {
  /** Along which the vectors lie, -1 by default. */
  readonly axis?: number | undefined;
}

class CosineSimilarityClass extends FunctionLoss {
  declare readonly axis: number;

  static override table(): Table<{ axis: number }> {
    return { axis: int('axis', -1) };
  }

  protected override get defaultName(): string {
    return 'cosine_similarity';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return cosineSimilarity(yTrue, yPred, this.axis);
  }

  /** Keras does not write `axis`, though it reads it: it is written only where it matters. */
  override getConfig(): Config {
    const { axis, ...rest } = super.getConfig();
    return axis === -1 ? rest : { ...rest, axis: axis! };
  }
}

export interface CosineSimilarity extends CosineSimilarityClass {}

/** Minus the cosine of the angle between truth and prediction: -1 when they agree. */
export const CosineSimilarity: Construct<
  [axis?: number | CosineSimilarityOptions, options?: CosineSimilarityOptions],
  CosineSimilarity
> = /*#__PURE__*/ define('CosineSimilarity', CosineSimilarityClass, {
  module: 'keras.losses',
});
