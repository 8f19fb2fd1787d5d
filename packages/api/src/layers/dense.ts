import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Activation } from '../activations/activations.js';
import { activations } from '../activations/family.js';
import type { Constraint } from '../constraints/constraint.js';
import { constraints } from '../constraints/family.js';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { bool, int, object, optional } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { initializers } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { add, matmul } from '../ops/common.js';
import { regularizers } from '../regularizers/family.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import type { KernelOptions } from './support.js';

export interface DenseOptions extends LayerOptions, KernelOptions {}

interface DenseSettings {
  units: number;
  activation: Activation;
  useBias: boolean;
  kernelInitializer: Initializer;
  biasInitializer: Initializer;
  kernelRegularizer: Regularizer | undefined;
  biasRegularizer: Regularizer | undefined;
  kernelConstraint: Constraint | undefined;
  biasConstraint: Constraint | undefined;
}

class DenseClass extends Layer {
  declare readonly units: number;
  declare readonly activation: Activation;
  declare readonly useBias: boolean;
  declare readonly kernelInitializer: Initializer;
  declare readonly biasInitializer: Initializer;
  declare readonly kernelRegularizer: Regularizer | undefined;
  declare readonly biasRegularizer: Regularizer | undefined;
  declare readonly kernelConstraint: Constraint | undefined;
  declare readonly biasConstraint: Constraint | undefined;
  kernel: Weight | undefined;
  bias: Weight | undefined;

  static override table(): Table<DenseSettings> {
    return {
      units: int('units', undefined, { min: 1 }),
      activation: object('activation', activations, 'linear'),
      useBias: bool('use_bias', true),
      kernelInitializer: object('kernel_initializer', initializers, 'glorot_uniform'),
      biasInitializer: object('bias_initializer', initializers, 'zeros'),
      kernelRegularizer: optional(object('kernel_regularizer', regularizers)),
      biasRegularizer: optional(object('bias_regularizer', regularizers)),
      kernelConstraint: optional(object('kernel_constraint', constraints)),
      biasConstraint: optional(object('bias_constraint', constraints)),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { minRank: 2 };
    this.supportsMasking = true;
  }

  override build(inputShape: SymbolicShape): void {
    const inputs = inputShape.at(-1);
    if (inputs === null || inputs === undefined) {
      throw new CeratopsError('SHAPE_MISMATCH', 'the last size of the input must be known', {
        subject: `${this}`,
        expected: 'a number of features',
        received: `shape (${inputShape.map((size) => size ?? 'None').join(', ')})`,
      });
    }
    const { units, kernelInitializer, kernelRegularizer, kernelConstraint } = this;
    this.kernel = this.addWeight({
      name: 'kernel',
      shape: [inputs, units],
      initializer: kernelInitializer,
      regularizer: kernelRegularizer,
      constraint: kernelConstraint,
    });
    if (this.useBias) {
      const { biasInitializer, biasRegularizer, biasConstraint } = this;
      this.bias = this.addWeight({
        name: 'bias',
        shape: [units],
        initializer: biasInitializer,
        regularizer: biasRegularizer,
        constraint: biasConstraint,
      });
    }
    this.inputSpec = { minRank: 2, axes: { [-1]: inputs } };
  }

  override call(x: Tensor): Tensor {
    const product = matmul(x, this.kernel!);
    return this.activation(this.bias === undefined ? product : add(product, this.bias));
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return [...inputShape.slice(0, -1), this.units];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), quantization_config: null };
  }
}

/** A densely connected layer: `activation(x · kernel + bias)`. */
export interface Dense extends DenseClass {}

export interface DenseConstructor {
  /** `activation(x · kernel + bias)`, over the last axis. @param units size of the output's last axis. */
  new (units: number, activation?: DenseOptions['activation'] | DenseOptions, options?: DenseOptions): Dense;
  /** `activation(x · kernel + bias)`, over the last axis. @param units size of the output's last axis. */
  (units: number, activation?: DenseOptions['activation'] | DenseOptions, options?: DenseOptions): Dense;
  readonly prototype: Dense;
}

export const Dense: DenseConstructor = /*#__PURE__*/ define('Dense', DenseClass, { module: 'keras.layers' });
