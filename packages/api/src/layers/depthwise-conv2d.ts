import type { Tensor } from '@ceratops/core';
import type { Activation } from '../activations/activations.js';
import type { Constraint } from '../constraints/constraint.js';
import type { ConstraintIdentifier } from '../constraints/family.js';
import { define } from '../engine/define.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { int, intTuple, oneOf } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { InitializerIdentifier } from '../initializers/family.js';
import type { Initializer } from '../initializers/initializer.js';
import { add, depthwiseConv } from '../ops/common.js';
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

export interface DepthwiseConv2DOptions extends LayerOptions, BiasOptions {
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

interface DepthwiseConv2DSettings extends BiasSettings, WeightSettings<'depthwise'> {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: PaddingMode;
  readonly depthMultiplier: number;
  readonly dataFormat: DataFormat;
  readonly dilationRate: readonly number[];
}

class DepthwiseConv2DClass extends Layer {
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

  static override table(): Table<DepthwiseConv2DSettings> {
    return {
      kernelSize: intTuple('kernel_size', 2),
      strides: intTuple('strides', 2, 1),
      padding: oneOf<PaddingMode>('padding', ['valid', 'same'], 'valid'),
      depthMultiplier: int('depth_multiplier', 1, { min: 1 }),
      dataFormat: dataFormatRow(),
      dilationRate: intTuple('dilation_rate', 2, 1),
      ...kernelRows('depthwise'),
    };
  }

  constructor(...parameters: unknown[]) {
    super(...parameters);
    this.inputSpec = { rank: 4 };
  }

  override build(inputShape: SymbolicShape): void {
    const axis = channelAxis(this.dataFormat, 4);
    const channels = knownSize(this, inputShape, axis);
    this.computeOutputShape(inputShape);
    const { kernelSize, depthMultiplier } = this;
    this.kernel = addNamedWeight(this, 'depthwise', [...kernelSize, channels, depthMultiplier], { name: 'kernel' });
    if (this.useBias) this.bias = addNamedWeight(this, 'bias', [depthMultiplier * channels]);
    this.inputSpec = { rank: 4, axes: { [axis]: channels } };
  }

  override call(x: Tensor): Tensor {
    const { strides, padding, dataFormat, dilationRate } = this;
    const output = depthwiseConv(x, this.kernel!, { strides, padding, dataFormat, dilationRate });
    return this.activation(this.bias === undefined ? output : add(output, channelVector(this.bias, dataFormat, 2)));
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const { kernelSize, dilationRate, strides, padding, dataFormat, depthMultiplier } = this;
    const sizes = spatialSizes(inputShape, dataFormat).map((size, i) => {
      return outputSize(size, (kernelSize[i]! - 1) * dilationRate[i]! + 1, strides[i]!, padding);
    });
    checkOutputSizes(`${this}`, sizes, inputShape);
    const channels = inputShape[channelAxis(dataFormat, 4)];
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

/** A convolution of each channel on its own. */
export interface DepthwiseConv2D extends DepthwiseConv2DClass {}

export interface DepthwiseConv2DConstructor {
  /** A convolution of each channel on its own. @param kernelSize extent of the window, one number for a square. */
  new (
    kernelSize: number | readonly number[],
    strides?: number | readonly number[] | DepthwiseConv2DOptions,
    options?: DepthwiseConv2DOptions,
  ): DepthwiseConv2D;
  /** A convolution of each channel on its own. @param kernelSize extent of the window, one number for a square. */
  (
    kernelSize: number | readonly number[],
    strides?: number | readonly number[] | DepthwiseConv2DOptions,
    options?: DepthwiseConv2DOptions,
  ): DepthwiseConv2D;
  readonly prototype: DepthwiseConv2D;
}

export const DepthwiseConv2D: DepthwiseConv2DConstructor = /*#__PURE__*/ define(
  'DepthwiseConv2D',
  DepthwiseConv2DClass,
  {
    module: 'keras.layers',
  },
);
