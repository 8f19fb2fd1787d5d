import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { bool, int, optional } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import { FunctionLoss, type LossOptions } from '../training/parts.js';
import { type SparseOptions as FunctionOptions, sparseCategoricalCrossentropy } from './crossentropy-functions.js';

export interface SparseCategoricalCrossentropyOptions extends LossOptions, FunctionOptions {}

interface SparseCategoricalCrossentropySettings {
  fromLogits: boolean;
  ignoreClass: number | undefined;
  axis: number;
}

class SparseCategoricalCrossentropyClass extends FunctionLoss {
  declare readonly fromLogits: boolean;
  declare readonly ignoreClass: number | undefined;
  declare readonly axis: number;
  static override table(): Table<SparseCategoricalCrossentropySettings> {
    return {
      fromLogits: bool('from_logits', false),
      ignoreClass: optional(int('ignore_class')),
      axis: int('axis', -1),
    };
  }

  protected override get defaultName(): string {
    return 'sparse_categorical_crossentropy';
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return sparseCategoricalCrossentropy(yTrue, yPred, this);
  }

  /** Keras does not write `axis`, though it reads it: it is written only where it matters. */
  override getConfig(): Config {
    const { axis, ...rest } = super.getConfig();
    return axis === -1 ? rest : { ...rest, axis: axis! };
  }
}

export interface SparseCategoricalCrossentropy extends SparseCategoricalCrossentropyClass {}

/** Crossentropy of labels that are class numbers. */
export const SparseCategoricalCrossentropy: Construct<
  [fromLogits?: boolean | SparseCategoricalCrossentropyOptions, options?: SparseCategoricalCrossentropyOptions],
  SparseCategoricalCrossentropy
> = /*#__PURE__*/ define('SparseCategoricalCrossentropy', SparseCategoricalCrossentropyClass, {
  module: 'keras.losses',
});
