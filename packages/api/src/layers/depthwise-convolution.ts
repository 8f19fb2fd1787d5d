/** What DepthwiseConv1D and DepthwiseConv2D share. */

import type { Tensor } from '@ceratops/core';
import type { Activation } from '../activations/activations.js';
import type { Constraint } from '../constraints/constraint.js';
import type { ConstraintIdentifier } from '../constraints/family.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { int, intTuple, oneOf } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { InitializerIdentifier } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { add } from '../ops/common.js';
import { depthwiseConv } from '../ops/depthwise-convolution.js';
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
import { addNamedWeight, type BiasSettings, kernelRows, knownSize, type WeightSettings } from './weights.js';

export interface DepthwiseConvOptions extends LayerOptions, BiasOptions {
  /** Step of the window, 1 by default. */
  readonly strides?: number | readonly number[] | undefined;
  /** `valid` by default. */
  readonly padding?: PaddingMode | undefined;
  /** How many kernels each channel has, 1 by default. */
  readonly depthMultiplier?: number | undefined;
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
  /** Distance between the kernel's taps, 1 by default. */
  readonly dilationRate?: number | readonly number[] | undefined;
  /** `glorot_uniform` by default. */
  readonly depthwiseInitializer?: InitializerIdentifier | undefined;
  readonly depthwiseRegularizer?: RegularizerIdentifier | undefined;
  readonly depthwiseConstraint?: ConstraintIdentifier | undefined;
}

interface DepthwiseConvSettings extends BiasSettings, WeightSettings<'depthwise'> {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: PaddingMode;
  readonly depthMultiplier: number;
  readonly dataFormat: DataFormat;
  readonly dilationRate: readonly number[];
}

/** @param rank the number of spatial axes. */
export function depthwiseTable(rank: number): Table<DepthwiseConvSettings> {
  return {
    kernelSize: intTuple('kernel_size', rank),
    strides: intTuple('strides', rank, 1),
    padding: oneOf<PaddingMode>('padding', ['valid', 'same'], 'valid'),
    depthMultiplier: int('depth_multiplier', 1, { min: 1 }),
    dataFormat: dataFormatRow(),
    dilationRate: intTuple('dilation_rate', rank, 1),
    ...kernelRows('depthwise'),
  };
}

export abstract class DepthwiseConvolution extends Layer {
  declare readonly kernelSize: readonly number[];
  declare readonly strides: readonly number[];
  declare readonly padding: PaddingMode;
  declare readonly depthMultiplier: number;
  declare readonly dataFormat: DataFormat;
  declare readonly dilationRate: readonly number[];
  declare readonly activation: Activation;
  declare readonly useBias: boolean;
  declare readonly depthwiseInitializer: Initializer;
  declare readonly biasInitializer: Initializer;
  declare readonly depthwiseRegularizer: Regularizer | undefined;
  declare readonly biasRegularizer: Regularizer | undefined;
  declare readonly depthwiseConstraint: Constraint | undefined;
  declare readonly biasConstraint: Constraint | undefined;
  kernel: Weight | undefined;
  bias: Weight | undefined;

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: this.kernelSize.length + 2 };
  }

  override build(inputShape: SymbolicShape): void {
    const axis = channelAxis(this.dataFormat, inputShape.length);
    const channels = knownSize(this, inputShape, axis);
    this.computeOutputShape(inputShape);
    const { kernelSize, depthMultiplier } = this;
    this.kernel = addNamedWeight(this, 'depthwise', [...kernelSize, channels, depthMultiplier], { name: 'kernel' });
    if (this.useBias) this.bias = addNamedWeight(this, 'bias', [depthMultiplier * channels]);
    this.inputSpec = { rank: kernelSize.length + 2, axes: { [axis]: channels } };
  }

  override call(x: Tensor): Tensor {
    const { strides, padding, dataFormat, dilationRate } = this;
    const output = depthwiseConv(x, this.kernel!, { strides, padding, dataFormat, dilationRate });
    return this.activation(
      this.bias === undefined ? output : add(output, channelVector(this.bias, dataFormat, this.kernelSize.length)),
    );
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const { kernelSize, dilationRate, strides, padding, dataFormat, depthMultiplier } = this;
    const sizes = spatialSizes(inputShape, dataFormat).map((size, i) => {
      return outputSize(size, (kernelSize[i]! - 1) * dilationRate[i]! + 1, strides[i]!, padding);
    });
    checkOutputSizes(`${this}`, sizes, inputShape);
    const channels = inputShape[channelAxis(dataFormat, inputShape.length)];
    return withSizes(
      inputShape,
      dataFormat,
      sizes,
      channels === null || channels === undefined ? null : channels * depthMultiplier,
    );
  }

  override getConfig(): Config {
    return withActivityRegularizer(super.getConfig());
  }
}

type Parameters = [
  kernelSize: number | readonly number[],
  strides?: number | readonly number[] | DepthwiseConvOptions,
  options?: DepthwiseConvOptions,
];

/** The constructor of a depthwise convolution. */
export interface DepthwiseConvConstructor<T> {
  /** A convolution of each channel on its own. @param kernelSize extent of the window, one number for all axes. */
  new (...parameters: Parameters): T;
  /** A convolution of each channel on its own. @param kernelSize extent of the window, one number for all axes. */
  (...parameters: Parameters): T;
  readonly prototype: T;
}
