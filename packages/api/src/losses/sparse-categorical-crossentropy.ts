import type { Tensor } from '@ceratops/core';
import type { Construct } from '../engine/construct.js';
import { define } from '../engine/define.js';
import { setMask } from '../engine/masks.js';
import { bool, int, optional } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import { convertToTensor, expandDims, notEqual, reshape, squeeze, where } from '../ops/common.js';
import * as entropy from '../ops/crossentropy.js';
import { normalizeAxis, toFloat } from '../ops/support.js';
import { FunctionLoss, type LossOptions, type PerSample, perSample } from '../training/parts.js';

export interface SparseCrossentropyOptions {
  readonly fromLogits?: boolean | undefined;
  /** A label that does not count. */
  readonly ignoreClass?: number | undefined;
  readonly axis?: number | undefined;
}

/** The labels are class numbers. With `ignoreClass`, those positions give 0 and are masked out of the mean. */
export const sparseCategoricalCrossentropy: PerSample<[options?: SparseCrossentropyOptions]> = /*#__PURE__*/ perSample(
  'sparse_categorical_crossentropy',
  (yTrue, yPred, options = {}) => {
    const { fromLogits = false, ignoreClass, axis = -1 } = options;
    const prediction = toFloat(yPred);
    const given = convertToTensor(yTrue);
    const sameRank = given.shape.length === prediction.shape.length && given.shape.at(axis) === 1;
    const labels = sameRank ? squeeze(given, axis) : given;
    if (ignoreClass === undefined)
      return entropy.sparseCategoricalCrossentropy(labels, prediction, { fromLogits, axis });
    const valid = notEqual(labels, ignoreClass);
    const losses = entropy.sparseCategoricalCrossentropy(
      where(valid, labels, 0),
      where(expandDims(valid, axis), prediction, 0),
      {
        fromLogits,
        axis,
      },
    );
    const classes = normalizeAxis(axis, prediction.shape.length, 'sparseCategoricalCrossentropy');
    const mask = reshape(
      valid,
      prediction.shape.filter((_, i) => i !== classes),
    );
    const result = where(mask, losses, 0);
    setMask(result, mask);
    return result;
  },
);

export interface SparseCategoricalCrossentropyOptions extends LossOptions, SparseCrossentropyOptions {}

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
