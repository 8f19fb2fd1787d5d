/** What the transposed convolutions share. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Activation } from '../activations/activations.js';
import type { Constraint } from '../constraints/constraint.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { int, intTuple, oneOf, optional } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { Initializer } from '../initializers/initializer.js';
import { add } from '../ops/common.js';
import { convTranspose } from '../ops/convolution-transpose.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import { channelVector } from './convolution.js';
import {
  channelAxis,
  type DataFormat,
  dataFormatRow,
  type KernelOptions,
  type PaddingMode,
  spatialSizes,
  withActivityRegularizer,
  withSizes,
} from './support.js';
import { addNamedWeight, type BiasSettings, kernelRows, knownSize, type WeightSettings } from './weights.js';

export interface ConvTransposeLayerOptions extends LayerOptions, KernelOptions {
  /** Step of the window, 1 by default: about how many times as large the output is. */
  readonly strides?: number | readonly number[] | undefined;
  /** `valid` by default. */
  readonly padding?: PaddingMode | undefined;
  /** How many elements are added behind, less than the strides; found from them when absent. */
  readonly outputPadding?: number | readonly number[] | undefined;
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
  /** Distance between the kernel's taps, 1 by default. */
  readonly dilationRate?: number | readonly number[] | undefined;
}

interface ConvTransposeSettings extends BiasSettings, WeightSettings<'kernel'> {
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: PaddingMode;
  readonly outputPadding: readonly number[] | undefined;
  readonly dataFormat: DataFormat;
  readonly dilationRate: readonly number[];
}

/** @param rank the number of spatial axes. */
export function convTransposeTable(rank: number): Table<ConvTransposeSettings> {
  return {
    filters: int('filters', undefined, { min: 1 }),
    kernelSize: intTuple('kernel_size', rank),
    strides: intTuple('strides', rank, 1),
    padding: oneOf<PaddingMode>('padding', ['valid', 'same'], 'valid'),
    outputPadding: optional(intTuple('output_padding', rank, undefined, { min: 0 })),
    dataFormat: dataFormatRow(),
    dilationRate: intTuple('dilation_rate', rank, 1),
    ...kernelRows('kernel'),
  };
}

export abstract class ConvolutionTranspose extends Layer {
  declare readonly filters: number;
  declare readonly kernelSize: readonly number[];
  declare readonly strides: readonly number[];
  declare readonly padding: PaddingMode;
  declare readonly outputPadding: readonly number[] | undefined;
  declare readonly dataFormat: DataFormat;
  declare readonly dilationRate: readonly number[];
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

  constructor(...parameters: unknown[]) {
    super(...parameters);
    const { kernelSize, strides, dilationRate, outputPadding } = this;
    this.inputSpec = { rank: kernelSize.length + 2 };
    const reject = (problem: string, expected: string, received: string): never => {
      throw new CeratopsError('INVALID_ARGUMENT', problem, { subject: `${this}`, expected, received });
    };
    if (Math.max(...strides) > 1 && Math.max(...dilationRate) > 1) {
      const received = `strides [${strides}], dilationRate [${dilationRate}]`;
      reject('strides and dilationRate cannot both be above 1', 'one of them 1', received);
    }
    if (outputPadding?.some((size, i) => size >= strides[i]!))
      reject('the output padding is too large', `less than the strides, [${strides}]`, `[${outputPadding}]`);
  }

  override build(inputShape: SymbolicShape): void {
    const { kernelSize, filters } = this;
    const axis = channelAxis(this.dataFormat, kernelSize.length + 2);
    const channels = knownSize(this, inputShape, axis);
    this.kernel = addNamedWeight(this, 'kernel', [...kernelSize, filters, channels]);
    if (this.useBias) this.bias = addNamedWeight(this, 'bias', [filters]);
    this.inputSpec = { rank: kernelSize.length + 2, axes: { [axis]: channels } };
  }

  override call(x: Tensor): Tensor {
    const { strides, padding, outputPadding, dataFormat, dilationRate } = this;
    const output = convTranspose(x, this.kernel!, { strides, padding, outputPadding, dataFormat, dilationRate });
    if (this.bias === undefined) return this.activation(output);
    return this.activation(add(output, channelVector(this.bias, dataFormat, this.kernelSize.length)));
  }

  override computeOutputShape(inputShape: SymbolicShape): SymbolicShape {
    const sizes = spatialSizes(inputShape, this.dataFormat).map((size, i) =>
      size === null ? null : this.#size(size, i),
    );
    return withSizes(inputShape, this.dataFormat, sizes, this.filters);
  }

  #size(size: number, i: number): number {
    const stride = this.strides[i]!;
    const window = (this.kernelSize[i]! - 1) * this.dilationRate[i]! + 1;
    const extra = this.outputPadding?.[i];
    if (this.padding === 'valid') return (size - 1) * stride + window + (extra ?? Math.max(window, stride) - window);
    return extra === undefined ? size * stride : (size - 1) * stride + (window % 2) + extra;
  }

  override getConfig(): Config {
    return withActivityRegularizer(super.getConfig());
  }
}

type Parameters = [
  filters: number,
  kernelSize: number | readonly number[],
  strides?: number | readonly number[] | ConvTransposeLayerOptions,
  options?: ConvTransposeLayerOptions,
];

/** The constructor of a transposed convolution. */
export interface ConvTransposeConstructor<T> {
  /**
   * The transpose of a convolution, which makes its input larger where the strides are.
   * @param filters how many channels come out.
   * @param kernelSize extent of the window, one number for all axes.
   */
  new (...parameters: Parameters): T;
  /**
   * The transpose of a convolution, which makes its input larger where the strides are.
   * @param filters how many channels come out.
   * @param kernelSize extent of the window, one number for all axes.
   */
  (...parameters: Parameters): T;
  readonly prototype: T;
}
