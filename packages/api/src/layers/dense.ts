import type { Tensor } from '@ceratops/core';
import type { Activation } from '../activations/activations.js';
import type { Constraint } from '../constraints/constraint.js';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { int } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { Initializer } from '../initializers/initializer.js';
import { add, matmul } from '../ops/common.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import type { KernelOptions } from './support.js';
import { addNamedWeight, type BiasSettings, kernelRows, knownSize, type WeightSettings } from './weights.js';

export interface DenseOptions extends LayerOptions, KernelOptions {}

interface DenseSettings extends BiasSettings, WeightSettings<'kernel'> {
  readonly units: number;
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
      ...kernelRows('kernel'),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { minRank: 2 };
    this.supportsMasking = true;
  }

  override build(inputShape: SymbolicShape): void {
    const inputs = knownSize(this, inputShape, -1);
    this.kernel = addNamedWeight(this, 'kernel', [inputs, this.units]);
    if (this.useBias) this.bias = addNamedWeight(this, 'bias', [this.units]);
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
