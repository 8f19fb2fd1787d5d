import type { Tensor } from '@ceratops/core';
import type { Activation } from '../activations/activations.js';
import { activations } from '../activations/family.js';
import type { Constraint } from '../constraints/constraint.js';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { object, optional, string } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import { withFanAxes } from '../initializers/clone.js';
import type { Initializer } from '../initializers/initializer.js';
import { add } from '../ops/common.js';
import { einsum } from '../ops/einsum.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { type EinsumShapes, einsumShapes, type OutputShape, outputShapeRow } from './einsum-shapes.js';
import { type KernelOptions, withActivityRegularizer } from './support.js';
import { addNamedWeight, type WeightSettings, weightRows } from './weights.js';

export interface EinsumDenseOptions extends LayerOptions, Omit<KernelOptions, 'useBias'> {
  /** The output's axes that have a bias, as letters of the equation; none by default. */
  readonly biasAxes?: string | undefined;
}

interface EinsumDenseSettings extends WeightSettings<'kernel'>, WeightSettings<'bias'> {
  readonly equation: string;
  readonly outputShape: OutputShape;
  readonly activation: Activation;
  readonly biasAxes: string | undefined;
}

class EinsumDenseClass extends Layer {
  declare readonly equation: string;
  declare readonly outputShape: OutputShape;
  declare readonly activation: Activation;
  declare readonly biasAxes: string | undefined;
  declare readonly kernelInitializer: Initializer;
  declare readonly biasInitializer: Initializer;
  declare readonly kernelRegularizer: Regularizer | undefined;
  declare readonly biasRegularizer: Regularizer | undefined;
  declare readonly kernelConstraint: Constraint | undefined;
  declare readonly biasConstraint: Constraint | undefined;
  kernel: Weight | undefined;
  bias: Weight | undefined;

  static override table(): Table<EinsumDenseSettings> {
    return {
      equation: string('equation'),
      outputShape: outputShapeRow(),
      activation: object('activation', activations, 'linear'),
      biasAxes: optional(string('bias_axes')),
      ...weightRows('kernel', 'glorot_uniform'),
      ...weightRows('bias', 'zeros'),
    };
  }

  override build(inputShape: SymbolicShape): void {
    const { kernel, bias, inputAxes, outputAxes } = this.#shapes(inputShape);
    this.kernel = this.addWeight({
      name: 'kernel',
      shape: kernel,
      initializer: withFanAxes(this.kernelInitializer, inputAxes, outputAxes),
      regularizer: this.kernelRegularizer,
      constraint: this.kernelConstraint,
    });
    if (bias !== undefined) this.bias = addNamedWeight(this, 'bias', bias);
    this.inputSpec = { rank: inputShape.length };
  }

  #shapes(inputShape: SymbolicShape): EinsumShapes {
    return einsumShapes(`${this}`, this, inputShape);
  }

  override call(x: Tensor): Tensor {
    const product = einsum(this.equation, x, this.kernel!);
    return this.activation(this.bias === undefined ? product : add(product, this.bias));
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    return this.#shapes(inputShape).output;
  }

  override getConfig(): Config {
    return { ...withActivityRegularizer(super.getConfig()), quantization_config: null };
  }
}

/** A dense layer over axes that an equation names: `activation(einsum(equation, x, kernel) + bias)`. */
export interface EinsumDense extends EinsumDenseClass {}

type Parameters = [
  equation: string,
  outputShape: number | OutputShape,
  activation?: EinsumDenseOptions['activation'] | EinsumDenseOptions,
  options?: EinsumDenseOptions,
];

export interface EinsumDenseConstructor {
  /**
   * `activation(einsum(equation, x, kernel) + bias)`.
   * @param equation axes of input, kernel and output: 'abc,cd->abd', '...x,xy->...y' or 'ab...,bc->ac...'.
   * @param outputShape the output's sizes without the batch and what an ellipsis stands for; null for unknown ones.
   */
  new (...parameters: Parameters): EinsumDense;
  /**
   * `activation(einsum(equation, x, kernel) + bias)`.
   * @param equation axes of input, kernel and output: 'abc,cd->abd', '...x,xy->...y' or 'ab...,bc->ac...'.
   * @param outputShape the output's sizes without the batch and what an ellipsis stands for; null for unknown ones.
   */
  (...parameters: Parameters): EinsumDense;
  readonly prototype: EinsumDense;
}

export const EinsumDense: EinsumDenseConstructor = /*#__PURE__*/ define('EinsumDense', EinsumDenseClass, {
  module: 'keras.layers',
});
