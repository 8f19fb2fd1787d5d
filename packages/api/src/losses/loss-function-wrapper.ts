import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Config } from '../engine/table.js';
import { FunctionLoss, type LossFunction, type LossOptions } from '../training/parts.js';
import { checkedTensor } from './checked-tensor.js';

/** A loss made of any function `(yTrue, yPred) => losses per sample`. */
export class LossFunctionWrapper extends FunctionLoss {
  /** In automatic names and weight files, whatever a minifier does to the class. */
  static readonly className: string = 'LossFunctionWrapper';
  readonly #fn: LossFunction;

  constructor(fn: LossFunction, options: LossOptions = {}) {
    super({ name: fn.name === '' ? undefined : fn.name, ...options });
    this.#fn = fn;
  }

  protected override compute(yTrue: Tensor, yPred: Tensor): Tensor {
    return checkedTensor(`loss '${this.name}'`, this.#fn(yTrue, yPred));
  }

  override getConfig(): Config {
    throw new CeratopsError('INVALID_STATE', 'a loss function of your own has no name in files', {
      subject: this.name,
      remedy: "make it a class: define('MyLoss', class extends losses.Loss { call(yTrue, yPred) { … } })",
    });
  }
}
