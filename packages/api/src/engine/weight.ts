/** A layer's variable: core's Variable plus what Keras attaches to it. */

import { type Tensor, Variable } from '@ceratops/core';
import { convert } from '@ceratops/core/primitives';
import { isFloating } from '@ceratops/kernel-registry';
import { autocastDtype } from './autocast.js';

/** A penalty added to the training loss. */
export type RegularizerFunction = (x: Tensor) => Tensor;
/** A projection applied to a weight after each optimizer update. */
export type ConstraintFunction = (x: Tensor) => Tensor;

export interface WeightOptions {
  readonly name: string;
  readonly path: string;
  readonly trainable: boolean;
  readonly autocast: boolean;
  readonly regularizer?: RegularizerFunction | undefined;
  readonly constraint?: ConstraintFunction | undefined;
}

export class Weight extends Variable {
  /** Penalty that joins the losses of every model that trains this weight. */
  regularizer: RegularizerFunction | undefined;
  constraint: ConstraintFunction | undefined;
  /** Whether layers that compute in another float dtype see the weight in that dtype. */
  readonly autocast: boolean;

  constructor(initial: Tensor | (() => Tensor), options: WeightOptions) {
    super(initial, { name: options.name, path: options.path, trainable: options.trainable });
    this.regularizer = options.regularizer;
    this.constraint = options.constraint;
    this.autocast = options.autocast;
  }

  override get value(): Tensor {
    const value = super.value;
    const dtype = autocastDtype();
    if (!this.autocast || dtype === undefined || dtype === value.dtype || !isFloating(value.dtype)) return value;
    return convert(value, dtype);
  }
}
