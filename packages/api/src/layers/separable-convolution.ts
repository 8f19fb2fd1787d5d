/** What SeparableConv1D and SeparableConv2D share. */

import type { Tensor } from '@ceratops/core';
import type { Activation } from '../activations/activations.js';
import { activations } from '../activations/family.js';
import type { Constraint } from '../constraints/constraint.js';
import type { ConstraintIdentifier } from '../constraints/family.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { bool, int, intTuple, object, oneOf } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { InitializerIdentifier } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { add } from '../ops/common.js';
import { separableConv } from '../ops/separable-convolution.js';
import { checkOutputSizes, outputSize } from '../ops/windows.js';
import type { RegularizerIdentifier } from '../regularizers/family.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { channelVector } from './convolution.js';
import {
  type BiasOptions,
  channelAxis,
  type DataFormat,
  dataFormatRow,
  type PaddingMode,
  spatialSizes,
  withActivityRegularizer,
  withSizes,
} from './support.js';
import { addNamedWeight, type BiasSettings, knownSize, type WeightSettings, weightRows } from './weights.js';

export interface SeparableConvOptions extends LayerOptions, BiasOptions {
  /** Step of the window, 1 by default; the same on all axes. */
  readonly strides?: number | readonly number[] | undefined;
  /** `valid` by default. */
  readonly padding?: PaddingMode | undefined;
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
  /** Distance between the kernel's taps, 1 by default. */
  readonly dilationRate?: number | readonly number[] | undefined;
  /** How many kernels each channel has, 1 by default. */
  readonly depthMultiplier?: number | undefined;
  /** `glorot_uniform` by default. */
  readonly depthwiseInitializer?: InitializerIdentifier | undefined;
  /** `glorot_uniform` by default. */
  readonly pointwiseInitializer?: InitializerIdentifier | undefined;
  readonly depthwiseRegularizer?: RegularizerIdentifier | undefined;
  readonly pointwiseRegularizer?: RegularizerIdentifier | undefined;
  readonly depthwiseConstraint?: ConstraintIdentifier | undefined;
  readonly pointwiseConstraint?: ConstraintIdentifier | undefined;
}

interface SeparableConvSettings extends BiasSettings, WeightSettings<'depthwise'>, WeightSettings<'pointwise'> {
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: PaddingMode;
  readonly dataFormat: DataFormat;
  readonly dilationRate: readonly number[];
  readonly depthMultiplier: number;
}

/** @param rank the number of spatial axes. */
export function separableTable(rank: number): Table<SeparableConvSettings> {
  return {
    filters: int('filters', undefined, { min: 1 }),
    kernelSize: intTuple('kernel_size', rank),
    strides: intTuple('strides', rank, 1),
    padding: oneOf<PaddingMode>('padding', ['valid', 'same'], 'valid'),
    dataFormat: dataFormatRow(),
    dilationRate: intTuple('dilation_rate', rank, 1),
    depthMultiplier: int('depth_multiplier', 1, { min: 1 }),
    activation: object('activation', activations, 'linear'),
    useBias: bool('use_bias', true),
    ...weightRows('depthwise', 'glorot_uniform'),
    ...weightRows('pointwise', 'glorot_uniform'),
    ...weightRows('bias', 'zeros'),
  };
}

export abstract class SeparableConvolution extends Layer {
  declare readonly filters: number;
  declare readonly kernelSize: readonly number[];
  declare readonly strides: readonly number[];
  declare readonly padding: PaddingMode;
  declare readonly dataFormat: DataFormat;
  declare readonly dilationRate: readonly number[];
  declare readonly depthMultiplier: number;
  declare readonly activation: Activation;
  declare readonly useBias: boolean;
  declare readonly depthwiseInitializer: Initializer;
  declare readonly pointwiseInitializer: Initializer;
  declare readonly biasInitializer: Initializer;
  declare readonly depthwiseRegularizer: Regularizer | undefined;
  declare readonly pointwiseRegularizer: Regularizer | undefined;
  declare readonly biasRegularizer: Regularizer | undefined;
  declare readonly depthwiseConstraint: Constraint | undefined;
  declare readonly pointwiseConstraint: Constraint | undefined;
  declare readonly biasConstraint: Constraint | undefined;
  depthwiseKernel: Weight | undefined;
  pointwiseKernel: Weight | undefined;
  bias: Weight | undefined;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: this.kernelSize.length + 2 };
  }

  override build(inputShape: SymbolicShape): void {
    const { kernelSize, depthMultiplier, filters } = this;
    const axis = channelAxis(this.dataFormat, kernelSize.length + 2);
    const channels = knownSize(this, inputShape, axis);
    this.computeOutputShape(inputShape);
    const add = (name: 'depthwise' | 'pointwise', shape: readonly number[]): Weight =>
      addNamedWeight(this, name, shape, { name: `${name}_kernel` });
    this.depthwiseKernel = add('depthwise', [...kernelSize, channels, depthMultiplier]);
    this.pointwiseKernel = add('pointwise', [...kernelSize.map(() => 1), depthMultiplier * channels, filters]);
    if (this.useBias) this.bias = addNamedWeight(this, 'bias', [filters]);
    this.inputSpec = { rank: kernelSize.length + 2, axes: { [axis]: channels } };
  }

  override call(x: Tensor): Tensor {
    const { strides, padding, dataFormat, dilationRate, depthwiseKernel, pointwiseKernel } = this;
    const options = { strides, padding, dataFormat, dilationRate };
    const output = separableConv(x, depthwiseKernel!, pointwiseKernel!, options);
    if (this.bias === undefined) return this.activation(output);
    return this.activation(add(output, channelVector(this.bias, dataFormat, this.kernelSize.length)));
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const { kernelSize, dilationRate, strides, padding, dataFormat, filters } = this;
    const sizes = spatialSizes(inputShape, dataFormat).map((size, i) => {
      return outputSize(size, (kernelSize[i]! - 1) * dilationRate[i]! + 1, strides[i]!, padding);
    });
    checkOutputSizes(`${this}`, sizes, inputShape);
    return withSizes(inputShape, dataFormat, sizes, filters);
  }

  override getConfig(): Config {
    return withActivityRegularizer(super.getConfig());
  }
}

type Parameters = [
  filters: number,
  kernelSize: number | readonly number[],
  strides?: number | readonly number[] | SeparableConvOptions,
  options?: SeparableConvOptions,
];

/** The constructor of a separable convolution. */
export interface SeparableConvConstructor<T> {
  /**
   * A convolution of each channel on its own, then one that mixes the channels (Chollet, Xception, 2017).
   * @param filters how many channels come out.
   * @param kernelSize extent of the window, one number for all axes.
   */
  new (...parameters: Parameters): T;
  /**
   * A convolution of each channel on its own, then one that mixes the channels (Chollet, Xception, 2017).
   * @param filters how many channels come out.
   * @param kernelSize extent of the window, one number for all axes.
   */
  (...parameters: Parameters): T;
  readonly prototype: T;
}
