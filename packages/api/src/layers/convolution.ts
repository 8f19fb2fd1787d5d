/** What Conv1D and Conv2D share. */

import type { Tensor } from '@ceratops/core';
import { CeratopsError } from '@ceratops/kernel-registry';
import type { Activation } from '../activations/activations.js';
import type { Constraint } from '../constraints/constraint.js';
import type { SymbolicShape } from '../engine/keras-tensor.js';
import { Layer, type LayerOptions } from '../engine/layer.js';
import { int, intTuple, oneOf } from '../engine/rows.js';
import type { Config, Table } from '../engine/table.js';
import type { Weight } from '../engine/weight.js';
import type { Initializer } from '../initializers/initializer.js';
import { add, conv, reshape } from '../ops/common.js';
import { checkOutputSizes, outputSize } from '../ops/windows.js';
import type { Regularizer } from '../regularizers/regularizer.js';
import {
  channelAxis,
  type DataFormat,
  dataFormatRow,
  type KernelOptions,
  spatialSizes,
  withActivityRegularizer,
  withSizes,
} from './support.js';
import { addNamedWeight, type BiasSettings, kernelRows, type WeightSettings } from './weights.js';

export type ConvPadding = 'valid' | 'same' | 'causal';

export interface ConvOptions<Padding extends ConvPadding = ConvPadding> extends LayerOptions, KernelOptions {
  /** Step of the window, 1 by default. */
  readonly strides?: number | readonly number[] | undefined;
  /** `valid` by default. */
  readonly padding?: Padding | undefined;
  /** `channels_last` by default. */
  readonly dataFormat?: DataFormat | undefined;
  /** Distance between the kernel's taps, 1 by default. */
  readonly dilationRate?: number | readonly number[] | undefined;
  /** Into how many groups the channels are split, 1 by default. */
  readonly groups?: number | undefined;
}

export interface ConvSettings extends BiasSettings, WeightSettings<'kernel'> {
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: ConvPadding;
  readonly dataFormat: DataFormat;
  readonly dilationRate: readonly number[];
  readonly groups: number;
}

/** @param rank the number of spatial axes. */
export function convTable(rank: number): Table<ConvSettings> {
  const paddings: readonly ConvPadding[] = rank === 1 ? ['valid', 'same', 'causal'] : ['valid', 'same'];
  return {
    filters: int('filters', undefined, { min: 1 }),
    kernelSize: intTuple('kernel_size', rank),
    strides: intTuple('strides', rank, 1),
    padding: oneOf<ConvPadding>('padding', paddings, 'valid'),
    dataFormat: dataFormatRow(),
    dilationRate: intTuple('dilation_rate', rank, 1),
    groups: int('groups', 1, { min: 1 }),
    ...kernelRows('kernel'),
  };
}

export abstract class Convolution extends Layer {
  declare readonly filters: number;
  declare readonly kernelSize: readonly number[];
  declare readonly strides: readonly number[];
  declare readonly padding: ConvPadding;
  declare readonly dataFormat: DataFormat;
  declare readonly dilationRate: readonly number[];
  declare readonly groups: number;
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
    this.inputSpec = { rank: this.#rank + 2 };
    const { filters, groups, strides, dilationRate } = this;
    if (filters % groups !== 0)
      this.#reject("'filters' is not divisible by 'groups'", `a multiple of ${groups}`, String(filters));
    if (Math.max(...strides) > 1 && Math.max(...dilationRate) > 1) {
      this.#reject(
        'strides and dilationRate cannot both be above 1',
        'one of them 1',
        `strides [${strides}], dilationRate [${dilationRate}]`,
      );
    }
  }

  get #rank(): number {
    return this.kernelSize.length;
  }

  #reject(problem: string, expected: string, received: string): never {
    throw new CeratopsError('INVALID_ARGUMENT', problem, { subject: `${this}`, expected, received });
  }

  override build(inputShape: SymbolicShape): void {
    const axis = channelAxis(this.dataFormat, inputShape.length);
    const channels = inputShape[axis];
    if (channels === null || channels === undefined || channels % this.groups !== 0) {
      this.#reject("the input's channels do not fit", `a known multiple of ${this.groups}`, `${channels ?? 'None'}`);
    }
    this.computeOutputShape(inputShape);
    const { kernelSize, groups, filters } = this;
    this.kernel = addNamedWeight(this, 'kernel', [...kernelSize, channels / groups, filters]);
    if (this.useBias) this.bias = addNamedWeight(this, 'bias', [filters]);
    this.inputSpec = { rank: this.#rank + 2, axes: { [axis]: channels } };
  }

  override call(x: Tensor): Tensor {
    const { strides, dataFormat, dilationRate, padding } = this;
    const output = conv(x, this.kernel!, {
      strides,
      padding: padding === 'causal' ? 'valid' : padding,
      dataFormat,
      dilationRate,
    });
    return this.activation(
      this.bias === undefined ? output : add(output, channelVector(this.bias, dataFormat, this.#rank)),
    );
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

/** A bias in a shape that broadcasts over batch and space. */
export function channelVector(bias: Weight, format: DataFormat, rank: number): Tensor {
  if (format === 'channels_last') return bias.value;
  return reshape(bias, [1, bias.shape[0]!, ...new Array<number>(rank).fill(1)]);
}
