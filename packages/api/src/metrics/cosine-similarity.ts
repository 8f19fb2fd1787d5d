import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { int } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import { cosineSimilarity } from '../losses/regression-functions.js';
import { negative } from '../ops/common.js';
import { FunctionMetric, type MetricOptions } from '../training/parts.js';

export interface CosineSimilarityOptions extends MetricOptions {
  /** Along which the vectors lie, -1 by default. */
  readonly axis?: number | undefined;
}

class CosineSimilarityClass extends FunctionMetric {
  declare readonly axis: number;

  static override table(): Table<{ axis: number }> {
    return { axis: int('axis', -1) };
  }

  protected override get defaultName(): string {
    return 'cosine_similarity';
  }

  override get direction(): 'up' {
    return 'up';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return negative(cosineSimilarity(yTrue, yPred, this.axis));
  }

  /** Keras does not write `axis`, though it reads it: it is written only where it matters. */
  override getConfig(): Config {
    const { axis, ...rest } = super.getConfig();
    return axis === -1 ? rest : { ...rest, axis: axis! };
  }
}

export interface CosineSimilarity extends CosineSimilarityClass {}

/** The cosine of the angle between truth and prediction. */
export const CosineSimilarity: Construct<
  [axis?: number | CosineSimilarityOptions, options?: CosineSimilarityOptions],
  CosineSimilarity
> = /*#__PURE__*/ define('CosineSimilarity', CosineSimilarityClass, { module: 'keras.metrics' });
